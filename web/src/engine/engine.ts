/**
 * The evaluator as a JavaScript module: `dist/engine.js`, with `kms.wasm` beside it, for pages and for Node.
 * The only place of the site that knows about WebAssembly and its memory. JSON texts go in and out; bad input comes back as
 * diagnostics and never throws.
 *
 *     import { loadEngine } from './engine.js';
 *     const engine = await loadEngine();
 *     const answer = JSON.parse(engine.run('{"scenario": 1, …}'));
 */
import create from '#kms/kms.mjs';
import type { KmsModule } from '#kms/kms.mjs';
import wasmUrl from '#kms/kms.wasm?url';
import type { DocumentKind } from './types';

export type * from './types';

/** A running evaluator. */
export interface Engine {
  /** "major.minor.patch" of the evaluator. */
  readonly version: string;
  /** Evaluates a scenario, or an array of scenarios: the same text that the command line prints. */
  run(scenario: string): string;
  /** Reads one document and gives `{"diagnostics": […]}`. */
  check(kind: DocumentKind, text: string): string;
  /** Recognises pasted AWS outputs and gives `{"scenario", "diagnostics", "placed"}`. */
  import(texts: string[]): string;
  /** Always gives a session; what is wrong with the scenario comes with its first answer and from `world()`. */
  open(scenario: string): Session;
}

/** A world that is asked, edited and acted upon. */
export interface Session {
  /** Asks and changes nothing. "decision" leaves out trace, flow, cloudTrail and response, and is faster. */
  decide(request: string, detail?: 'full' | 'decision'): string;
  /** `{"set": {pointer: value}, "remove": [pointers]}`: changes the world directly. */
  edit(changes: string): string;
  /** One scenario step: asks and, when allowed, changes the world. */
  perform(step: string): string;
  /** `{"principals": […], "operations": […], "request": {…}}` to rows of decisions. */
  matrix(query: string): string;
  /** `{"world": …, "diagnostics": […]}`; the world is itself a valid scenario. */
  world(): string;
  /** Gives the memory back. A closed session answers every question with a diagnostic. */
  close(): void;
}

export interface LoadOptions {
  /** Another place of `kms.wasm`, or its bytes. */
  wasm?: URL | BufferSource;
}

/**
 * Loads the evaluator. Rejects with a readable Error when the file is missing, is no WebAssembly, or the page's policy forbids
 * WebAssembly (`script-src` needs 'wasm-unsafe-eval').
 */
export async function loadEngine(options: LoadOptions = {}): Promise<Engine> {
  const code = await compile(options.wasm ?? new URL(wasmUrl, import.meta.url));
  // Emscripten's own loading never settles when it fails; with the code compiled already, nothing is left to fail but this.
  const module = await new Promise<KmsModule>((resolve, reject) => {
    create({
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(code, imports)
          .then((instance) => done(instance, code))
          .catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
  return engineOver(module);
}

async function compile(wasm: URL | BufferSource): Promise<WebAssembly.Module> {
  if (!(wasm instanceof URL)) return WebAssembly.compile(wasm);
  if (wasm.protocol === 'file:') {
    // Only Node may read files; the name in a variable keeps bundlers from looking for it.
    const fileSystem = 'node:fs/promises';
    const { readFile } = await import(/* @vite-ignore */ fileSystem);
    return WebAssembly.compile(await readFile(wasm));
  }
  if (wasm.protocol === 'data:') return WebAssembly.compile(bytesIn(wasm.href));
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${wasm.pathname}: ${response.status} ${response.statusText}`);
  // Not compileStreaming: it refuses hosts that do not know the type application/wasm.
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Decoded by hand, because policies that forbid connections forbid to fetch data URLs too. */
function bytesIn(dataUrl: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (character) => character.charCodeAt(0));
}

function engineOver(module: KmsModule): Engine {
  let broken = false;

  /** Runs `ask`; what it throws means that memory is used up, and then nothing in this module can be trusted any more. */
  const guarded = (ask: () => string): string => {
    if (broken) return failure;
    try {
      return ask() || failure;
    } catch {
      broken = true;
      return failure;
    }
  };
  const withText = <T>(text: string, ask: (pointer: number, length: number) => T): T => {
    const bytes = new TextEncoder().encode(text);
    const pointer = module._malloc(bytes.length || 1);
    if (pointer === 0) throw new Error('out of memory');
    module.HEAPU8.set(bytes, pointer);
    try {
      return ask(pointer, bytes.length);
    } finally {
      module._free(pointer);
    }
  };
  const asked = (text: string, ask: (pointer: number, length: number) => string) => guarded(() => withText(text, ask));

  return {
    version: module.version(),
    run: (scenario) => asked(scenario, (p, n) => module.run(p, n)),
    check: (kind, text) => asked(text, (p, n) => module.check(kind, p, n)),
    import: (texts) => asked(JSON.stringify(texts.map((t) => t.toWellFormed())), (p, n) => module.importDocuments(p, n)),
    open(scenario) {
      let session = 0;
      guarded(() => {
        session = withText(scenario, (p, n) => module.open(p, n));
        return 'opened';
      });
      return {
        decide: (request, detail = 'full') => asked(request, (p, n) => module.decide(session, p, n, detail)),
        edit: (changes) => asked(changes, (p, n) => module.edit(session, p, n)),
        perform: (step) => asked(step, (p, n) => module.perform(session, p, n)),
        matrix: (query) => asked(query, (p, n) => module.matrix(session, p, n)),
        world: () => guarded(() => module.world(session)),
        close: () => void guarded(() => (module.close(session), 'closed')),
      };
    },
  };
}

const failure = JSON.stringify({
  results: [],
  diagnostics: [
    {
      code: 'engine.failed',
      severity: 'error',
      params: {},
      message: 'the evaluator could not answer; its memory is used up or the session is closed',
      help: 'load it again',
      document: '',
      pointer: '',
    },
  ],
});

/**
 * Plays steps through an engine session. The session is one moment of one history; going back plays the history again from its
 * start, which is what makes every step undoable without the engine having to know.
 */
import type { Answer, Diagnostic, Engine, Result, Scenario, Session, Step } from '../engine/engine';
import type * as Entries from './entry';
import { documentsOf, textOf, valueAt, valueOf, withTexts, withValue, type Texts } from './world';

/** The world after a step, and what the step was answered. */
export interface Moment {
  step: Step | null;
  /** The step as the engine knows it. */
  done?: Step;
  /** What the step's request was answered; null for a step that asks nothing. */
  result: Result | null;
  /** What is wrong in the documents. */
  diagnostics: Diagnostic[];
  /** The normalised world. */
  world: Scenario;
  texts: Texts;
}

/**
 * Reads the entries of keys that somebody has typed, and what pasted documents tell of an empty start. Loaded with what lets people type,
 * and with links that may hold such a text.
 */
export let entries: typeof Entries | undefined;
export function readEntries(loaded: typeof Entries): void {
  entries = loaded;
}

export class Player {
  #engine: Engine;
  #session: Session | undefined;
  #start: Scenario | undefined;
  /** The world as the session printed it last: most requests change nothing. */
  #printed: string | undefined;
  /** After 0, 1, 2… steps. */
  #moments: Moment[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** All moments up to the one after `position` steps, where the session now stands. */
  play(start: Scenario, steps: readonly Step[], position: number): readonly Moment[] {
    const target = steps.slice(0, position);
    const played = this.#moments.slice(1).map((moment) => moment.step);
    let common = 0;
    while (common < played.length && common < target.length && played[common] === target[common]) common += 1;

    // Typing replaces the last edit by a longer one of the same document: that only overwrites, nothing has to be played again.
    const overwrites = common === played.length - 1 && common === target.length - 1 && samePlaces(played[common], target[common]);
    if (start !== this.#start || this.#session === undefined || (common < played.length && !overwrites)) {
      this.#open(start);
      common = 0;
    }
    this.#moments.length = common + 1;
    for (const step of target.slice(common)) this.#moments.push(this.#perform(step));
    return this.#moments;
  }

  /** Asks in the moment that was played last, and changes nothing. */
  decide(request: string, detail: 'full' | 'decision' = 'full'): Result {
    if (!this.#session && this.#start) this.play(this.#start, this.#moments.slice(1).map(({ step }) => step!), this.#moments.length - 1);
    const answer = JSON.parse(this.#session?.decide(request, detail) ?? '{}') as Partial<Result>;
    return { decision: null, decidedBy: [], determining: [], error: null, ...answer };
  }

  /** What is wrong in a request that was typed, with its places in the text. */
  check(request: string): Diagnostic[] {
    return read(this.#engine.check('request', request)).diagnostics;
  }

  /** Gives the session's memory back; it is opened again when something is asked. */
  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  #open(start: Scenario) {
    const { scenario, texts } = withTexts({ ...start, steps: [] });
    this.#session?.close();
    this.#session = this.#engine.open(JSON.stringify(scenario));
    this.#start = start;
    const { world, diagnostics } = this.#read(this.#session.world(), scenario);
    this.#moments = [{ step: null, result: null, diagnostics, world, texts }];
  }

  #perform(step: Step): Moment {
    const before = this.#moments.at(-1)!;
    const done = entries?.withParts(this.#engine, step, before.world) ?? step;
    const answer = read(this.#session?.perform(JSON.stringify(done)));
    const [first] = answer.results;
    const result = first ? { ...first, diagnostics: answer.diagnostics.filter((d) => d.step === first.step) } : null;
    if (step.request && result?.decision !== 'allowed') return { ...before, step, done, result: result ?? refused(answer) };

    const printed = this.#session?.world();
    if (step.request && printed === this.#printed) return { ...before, step, done, result };
    const { world, diagnostics } = this.#read(printed, before.world);
    const texts = new Map<string, string>();
    for (const { kind, pointer } of documentsOf(world)) {
      const typed = typedAt(step, pointer);
      const known = before.texts.get(pointer);
      const anew = () => textOf(kind, valueAt(world, pointer));
      // What the engine changed is printed anew; what it did not change stays as it was typed.
      const isUnchanged = () => textOf(kind, valueAt(before.world, pointer)) === anew();
      texts.set(pointer, typed ?? (known !== undefined && isUnchanged() ? known : anew()));
    }
    return { step, done, result, diagnostics: entries?.placedInEntries(this.#engine, diagnostics, world, texts) ?? diagnostics, world, texts };
  }

  #read(printed: string | undefined, fallback: Scenario): { world: Scenario; diagnostics: Diagnostic[] } {
    this.#printed = printed;
    const { world = fallback, diagnostics } = read(printed);
    return { world: normalised(world), diagnostics };
  }
}

/** The text that a step gives a document, by itself or within something larger. */
function typedAt({ set = {} }: Step, pointer: string): string | undefined {
  for (const place in set) {
    const text = `${pointer}/`.startsWith(`${place}/`) && valueAt(set[place], pointer.slice(place.length));
    if (typeof text === 'string') return text;
  }
  return undefined;
}

/** Documents that were given as text and can be read are values in the world, whatever the engine prints. */
function normalised(world: Scenario): Scenario {
  let result = world;
  for (const { kind, pointer } of documentsOf(world)) {
    const value = valueAt(world, pointer);
    if (typeof value === 'string') result = withValue(result, pointer, valueOf(kind, value));
  }
  return result;
}

/** A step that the engine does not even answer, because a document cannot be read. */
function refused({ diagnostics }: Answer): Result {
  return { decision: null, decidedBy: [], determining: [], error: null, diagnostics };
}

function read(answer: string | undefined): Answer {
  const { results = [], diagnostics = [], ...rest } = JSON.parse(answer ?? '{}') as Partial<Answer>;
  return { results, diagnostics, ...rest };
}

function samePlaces(a: Step | null | undefined, b: Step | undefined): boolean {
  const places = (step: Step | null | undefined) => Object.keys(step?.set ?? {}).join(' ');
  return places(a) !== '' && places(a) === places(b);
}

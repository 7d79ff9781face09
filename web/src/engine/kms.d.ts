/** What Emscripten writes; wasm/bindings.cpp says how it is called. */
declare module '#kms/kms.mjs' {
  export interface KmsModule {
    _malloc(size: number): number;
    _free(pointer: number): void;
    readonly HEAPU8: Uint8Array;
    version(): string;
    run(pointer: number, length: number): string;
    check(kind: string, pointer: number, length: number): string;
    importDocuments(pointer: number, length: number): string;
    open(pointer: number, length: number): number;
    decide(session: number, pointer: number, length: number, detail: string): string;
    edit(session: number, pointer: number, length: number): string;
    perform(session: number, pointer: number, length: number): string;
    matrix(session: number, pointer: number, length: number): string;
    world(session: number): string;
    close(session: number): void;
  }
  export default function create(options: {
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
  }): Promise<KmsModule>;
}

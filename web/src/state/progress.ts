/**
 * Which lessons are solved. It stays in this browser, on this site; a learner takes it elsewhere as a code that people can read:
 * `kms-lessons.surprise.retire-it`.
 */
const place = 'kms-playground.lessons';
const mark = 'kms-lessons';

export class Progress {
  readonly #known: readonly string[];
  #solved = new Set<string>();

  constructor(known: readonly string[]) {
    this.#known = known;
    try {
      this.enter(localStorage.getItem(place) ?? '');
    } catch {
      // Storage may be forbidden: then it lasts as long as the page.
    }
  }

  has(id: string): boolean {
    return this.#solved.has(id);
  }

  get count(): number {
    return this.#solved.size;
  }

  get code(): string {
    return [mark, ...this.#known.filter((id) => this.#solved.has(id))].join('.');
  }

  add(id: string): void {
    this.#solved.add(id);
    this.#keep();
  }

  /** Adds what a code says; false when it is none. Lessons that this site does not have are left out. */
  enter(code: string): boolean {
    const [first, ...ids] = code.trim().split('.');
    if (first !== mark) return false;
    for (const id of ids) if (this.#known.includes(id)) this.#solved.add(id);
    this.#keep();
    return true;
  }

  clear(): void {
    this.#solved.clear();
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(place, this.code);
    } catch {
      // Not remembered, then.
    }
  }
}

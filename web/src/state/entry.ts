/**
 * The entry of a key as one text: what describe-key prints, with aliases and tags. The engine knows it by its parts only, so it is given
 * those; a text that cannot be read is given to it as a key state that no key has, so that nobody gets a decision on that key.
 */
import type { Diagnostic, Engine, Key, Scenario, Step } from '../engine/engine';
import { locate, parsed, rangeIn, valueAt } from './world';

export { adopt } from './adopt';

const entryPointer = /^\/keys\/\d+$/;

/** What is wrong in the text of a key's entry, placed in it. */
export function checkEntry(engine: Engine, pointer: string, text: string): Diagnostic[] {
  const check = (scenario: string) => (parsed(engine.check('scenario', scenario)) as { diagnostics: Diagnostic[] }).diagnostics;
  const syntax = check(text).filter(({ code }) => code.startsWith('json.'));
  if (syntax.length > 0) return syntax.map((problem) => ({ ...problem, pointer, document: pointer }));
  const before = '{"scenario":1,"keys":[';
  const found = check(`${before}${text}]}`).map((problem): Diagnostic => {
    const move = (end: { line: number; column: number; offset: number }) => {
      const offset = Math.min(Math.max(end.offset - before.length, 0), text.length);
      return { line: end.line, column: end.line === 1 ? offset + 1 : end.column, offset };
    };
    const { range } = problem;
    const place = range && { range: { start: move(range.start), end: move(range.end) } };
    return { ...problem, pointer: problem.pointer.replace('/keys/0', pointer), document: pointer, ...place };
  });
  const elsewhere = ['policy', 'grants'].flatMap((name): Diagnostic[] => {
    const value = locate(text, [name]);
    if (!value) return [];
    const message = `\`${name}\` is a document of its own`;
    return [{ code: 'key.ownDocument', severity: 'error', params: { name }, message, help: 'paste it there, and remove it here', pointer: `${pointer}/${name}`, document: pointer, range: rangeIn(text, value) }];
  });
  return [...elsewhere, ...found.filter((problem) => !elsewhere.some((own) => problem.pointer.startsWith(own.pointer)))];
}

/** A step with the parts of what was typed as the entry of a key. */
export function withParts(engine: Engine, step: Step, before: Scenario): Step {
  if (!Object.keys(step.set ?? {}).some((pointer) => entryPointer.test(pointer))) return step;
  const set = Object.entries(step.set!).map(([pointer, text]): object => {
    if (!entryPointer.test(pointer) || typeof text !== 'string') return { [pointer]: text };
    const key = valueAt(before, pointer) as Key;
    const isBroken = checkEntry(engine, pointer, text).some(({ severity }) => severity === 'error');
    const { metadata, aliases = [], tags = [] } = isBroken ? { ...key, metadata: { ...key.metadata, KeyState: text } } : (parsed(text) as Key);
    return { [`${pointer}/metadata`]: metadata, [`${pointer}/aliases`]: aliases, [`${pointer}/tags`]: tags };
  });
  return { ...step, set: Object.assign({}, ...set) as Step['set'] & object };
}

/** Whether the text of the entry is one that could not be read. */
export const isBroken = (world: Scenario, pointer: string, text: string | undefined) => valueAt(world, `${pointer}/metadata/KeyState`) === text;

/** What the engine says about keys, placed in the texts of their entries. */
export function placedInEntries(engine: Engine, diagnostics: readonly Diagnostic[], world: Scenario, texts: ReadonlyMap<string, string>): Diagnostic[] {
  let all = [...diagnostics];
  (world.keys ?? []).forEach((_, i) => {
    const pointer = `/keys/${i}`;
    const text = texts.get(pointer);
    if (text === undefined) return;
    const isOwn = (problem: Diagnostic) => new RegExp(`^${pointer}(?:$|/(?:metadata|aliases|tags))`).test(problem.pointer);
    const own = isBroken(world, pointer, text)
      ? checkEntry(engine, pointer, text)
      : all.filter(isOwn).map((problem): Diagnostic => {
          const found = locate(text, problem.pointer.slice(pointer.length + 1).split('/'));
          return { ...problem, document: pointer, ...(found ? { range: rangeIn(text, found) } : {}) };
        });
    all = [...all.filter((problem) => !isOwn(problem)), ...own];
  });
  return all;
}

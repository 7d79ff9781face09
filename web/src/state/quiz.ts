/** Questions that are made up: a moment of the gallery with one thing changed in it. Nothing here knows an answer; the engine gives it. */
import { lacksPolicies } from './callers';
import type { Scenario } from '../engine/types';
import { files } from './exhibits';
import type { Question } from './lessons';
import { Store } from './store';
import { supposed, suppositionsFor } from './whatif';

const count = 10;

/** Ten questions from as many scenarios, half of them with an Allow as the answer. The same seed always gives the same ones. */
export async function madeUp(seed: number, { engine }: Store): Promise<Question[]> {
  const random = randomFrom(seed);
  const wanted = shuffled(Array.from({ length: count }, (_, i) => i % 2 === 0), random);
  const questions: Question[] = [];
  const store = new Store(engine);
  for (const file of shuffled(Object.keys(files).sort(), random)) {
    if (questions.length === count) break;
    const question = questionIn((await files[file]!()).default as Scenario, wanted[questions.length]!, store, random);
    if (question) questions.push(question);
  }
  store.close();
  return questions;
}

/** A question in this scenario that is answered with an Allow or with a denial, as wanted; undefined when there is none at hand. */
function questionIn(scenario: Scenario, isAllowed: boolean, store: Store, random: () => number): Question | undefined {
  const { steps = [] } = scenario;
  const [at] = shuffled(steps.flatMap(({ request }, i) => (request ? [i + 1] : [])), random);
  if (at === undefined) return undefined;
  store.open('file', scenario, at);
  const { state } = store;
  if (!state.request) return undefined;
  for (const supposition of shuffled([undefined, ...suppositionsFor(state)], random)) {
    const { request, steps: happened, result } = supposed(store.engine, state, supposition ? [supposition] : []);
    const { decision } = result;
    const isClear = decision !== null && decision !== 'error' && !lacksPolicies(result);
    if (!isClear || (decision === 'allowed') !== isAllowed) continue;
    const all = [...steps.slice(0, at), ...happened];
    const last = { ...all.at(-1)!, id: 'asked' };
    return {
      scenario: { ...scenario, steps: [...all.slice(0, -1), last] },
      at: 'asked',
      request,
      supposition,
      choices: [{ expect: { decision: 'allowed' } }, { expect: { decision: 'denied' } }],
    };
  }
  return undefined;
}

/** Numbers from 0 to 1 that look like chance (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values.map((value) => [random(), value] as const).sort(([a], [b]) => a - b).map(([, value]) => value);
}

// Runs properties over random scenarios, and makes what fails small.
//
// A property is {id, says, from, cases, holds}:
//   from(seed)                        a scenario to start from
//   cases(scenario, random, answer)   the scenarios to compare (usually it and a changed copy), or null: does not apply
//   holds(...results, at)             judges the results of one request, one per case; at = {request, scenarios, answers}

import { Random } from '../reference/random.mjs';
import { granted } from './answers.mjs';
import { copy } from './edits.mjs';
import { run } from './engine.mjs';

/** How many scenarios are tried for one that a property applies to. */
const POOL = 5;

/** Judges one set of cases: null when the property holds everywhere, else the ids of the steps where it does not. */
function failures(property, scenarios, answers) {
  const wrong = [];
  const steps = scenarios[0].steps.filter((step) => step.request && scenarios.every((s) => s.steps.some((other) => other.id === step.id)));
  for (const { id, request } of steps) {
    const results = answers.map((answer) => answer.results.find((result) => result.step === id) ?? { decision: null });
    if (!property.holds(...results, { request, scenarios, answers })) wrong.push(id);
  }
  return wrong.length ? wrong : null;
}

/** The answers to sets of cases; a scenario that stands in several is asked once. */
async function answersTo(sets, known = new Map()) {
  const open = [...new Set(sets.flat())].filter((scenario) => !known.has(scenario));
  (await run(open)).forEach((answer, i) => known.set(open[i], answer));
  return sets.map((set) => set.map((scenario) => known.get(scenario)));
}

/** How many cases are made at a time, so that memory stays bounded. */
const PART = 100;

/** Sets of cases for each property, from as many scenarios as they need. */
async function casesFor(properties, known, count, seed) {
  const work = properties.map((property) => ({ property, sets: [] }));
  for (let round = 0; round < POOL; round++) {
    const open = work.filter(({ sets }) => sets.length < count);
    const seeds = Array.from({ length: count }, (_, i) => seed + round * count + i);
    const bases = new Map([...new Set(open.map(({ property }) => property.from))].map((from) => [from, seeds.map(from)]));
    await answersTo([...bases.values()], known);
    for (const { property, sets } of open) {
      for (const [i, base] of bases.get(property.from).entries()) {
        if (sets.length === count) break;
        if (known.get(base).results.length === 0) continue;
        const cases = property.cases(base, new Random(seeds[i]), known.get(base));
        if (cases) sets.push({ base, seed: seeds[i], cases });
      }
    }
  }
  return work;
}

/**
 * Runs properties; gives a report for each: {property, applied, told, granted, refused, failed}. `told` counts the cases whose
 * decisions differ; `granted` and `refused` count answers.
 */
export async function check(properties, { count, seed }) {
  const reports = properties.map((property) => ({ property, applied: 0, told: 0, granted: 0, refused: 0, failed: [] }));
  for (let start = 0; start < count; start += PART) {
    const known = new Map();
    const work = await casesFor(properties, known, Math.min(PART, count - start), seed + start * POOL);
    await answersTo(work.flatMap(({ sets }) => sets.map(({ cases }) => cases)), known);
    for (const [i, { property, sets }] of work.entries()) {
      const report = reports[i];
      report.applied += sets.length;
      for (const set of sets) {
        const answers = set.cases.map((scenario) => known.get(scenario));
        for (const result of answers.flatMap((answer) => answer.results)) report[granted(result) ? 'granted' : 'refused']++;
        if (new Set(answers.map((answer) => JSON.stringify(answer.results.map((result) => result.decision)))).size > 1) report.told++;
        const wrong = failures(property, set.cases, answers);
        if (wrong) report.failed.push({ ...set, answers, wrong });
      }
    }
  }
  return reports;
}

const KEPT = new Set(['scenario', 'title', 'id', 'principal', 'operation', 'Version', 'metadata', 'Arn', 'arn', 'Effect']);

/** Every way to leave out one element or field, outermost first. */
function removals(node, path = []) {
  const names = Array.isArray(node) ? [...node.keys()].reverse() : node && typeof node === 'object' ? Object.keys(node).filter((n) => !KEPT.has(n)) : [];
  return [...names.map((name) => [...path, name]), ...names.flatMap((name) => removals(node[name], [...path, name]))];
}

function without(scenario, path) {
  const out = copy(scenario);
  const parent = path.slice(0, -1).reduce((node, name) => node[name], out);
  if (Array.isArray(parent)) parent.splice(path.at(-1), 1);
  else delete parent[path.at(-1)];
  return out;
}

/** The scenarios of a base that lost a part, or null when the property does not apply to it any more. */
function casesOf(property, base, seed, answer) {
  try {
    return answer.results.length ? property.cases(base, new Random(seed), answer) : null;
  } catch {
    return null; // a part is missing that the property takes for granted
  }
}

const decisions = (answers) => JSON.stringify(answers.map((answer) => answer.results.map(({ decision, error }) => [decision, error?.code])));

/** Leaves out of the base whatever a failure with the same decisions does not need. */
export async function shrink(property, { base, seed, cases, answers, wrong }) {
  const wanted = decisions(answers);
  let best = { base, cases, answers, wrong };
  for (let found = best; found; ) {
    found = null;
    const smaller = removals(best.base).map((path) => without(best.base, path));
    const first = await run(smaller);
    const sets = smaller.flatMap((candidate, i) => {
      const made = casesOf(property, candidate, seed, first[i]);
      return made ? [{ base: candidate, cases: made }] : [];
    });
    const all = await answersTo(sets.map((set) => set.cases));
    for (const [i, set] of sets.entries()) {
      if (decisions(all[i]) !== wanted) continue;
      const failing = failures(property, set.cases, all[i]);
      if (failing) {
        best = found = { ...set, answers: all[i], wrong: failing };
        break;
      }
    }
  }
  return best;
}

/** A failure in words: each scenario and what the engine answered. */
export function show({ cases, answers, wrong }) {
  return cases
    .map((scenario, i) => {
      const brief = answers[i].results.filter((r) => wrong.includes(r.step)).map(({ step, decision, decidedBy, error, assumptions }) => ({ step, decision, decidedBy, error: error?.code, assumptions }));
      const errors = answers[i].diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.pointer}: ${d.message}`);
      return [JSON.stringify(scenario), ...brief.map((b) => `  → ${JSON.stringify(b)}`), ...errors.map((e) => `  → ${e}`)].join('\n');
    })
    .join('\n');
}

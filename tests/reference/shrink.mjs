// Makes a scenario with a difference smaller while the difference stays.

const copy = (value) => JSON.parse(JSON.stringify(value));
const KEPT = new Set(['scenario', 'title', 'id', 'principal', 'operation', 'Version']);

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

/** What differs: this must stay while a scenario gets smaller. */
function kind(found) {
  if (!found?.reference?.decision || !found.engine?.decision) return null;
  const fields = ['decision', 'decidedBy', 'errorCode'].flatMap((f) => [found.reference[f], found.engine[f]]);
  const apart = (a, b) => a.assumptions.filter((id) => !b.assumptions.includes(id));
  return JSON.stringify([...fields, apart(found.reference, found.engine), apart(found.engine, found.reference)]);
}

/**
 * Leaves out whatever the difference does not need. `differences(scenarios)` gives a difference or null for each.
 */
export async function shrink(scenario, differences) {
  let small = copy(scenario);
  let [found] = await differences([small]);
  const wanted = kind(found);
  while (wanted) {
    const candidates = removals(small).map((path) => without(small, path));
    const answers = await differences(candidates);
    const at = answers.findIndex((answer) => kind(answer) === wanted);
    if (at < 0) break;
    [small, found] = [candidates[at], answers[at]];
  }
  return { scenario: small, difference: found };
}

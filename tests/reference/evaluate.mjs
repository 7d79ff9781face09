// An independent, small and slow implementation of AWS KMS authorization, to compare the engine with.
// It follows the same rulebooks and shares no code with the engine.

import { withoutNulls } from './parameters.mjs';
import { perform } from './request.mjs';
import { editWorld, readWorld } from './world.mjs';

const START = '2026-01-01T00:00:00Z';

/** Replaces "$step.Field" by the field of an earlier response; undefined when there is none. */
function resolve(value, responses, onMissing) {
  if (typeof value === 'string') {
    const m = /^\$([^.]+)\.(.+)$/.exec(value);
    if (!m) return value;
    const found = responses.get(m[1])?.[m[2]];
    if (found === undefined) onMissing();
    return found;
  }
  if (Array.isArray(value)) return value.map((v) => resolve(v, responses, onMissing));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, responses, onMissing)]));
  }
  return value;
}

/**
 * Runs a scenario. Gives one {step, decision, decidedBy, errorCode, assumptions} for every request.
 */
export function evaluate(scenario) {
  const world = readWorld(scenario);
  const responses = new Map();
  const results = [];
  let now = START;
  for (const step of scenario.steps) {
    if (!step.request) {
      editWorld(world, step);
      continue;
    }
    now = step.request.at ?? now;
    const request = { ...step.request, now, unresolved: false };
    request.sessionPolicies = step.request.sessionPolicies?.map((p) => (typeof p === 'string' ? JSON.parse(p) : p));
    request.parameters = withoutNulls(resolve(step.request.parameters ?? {}, responses, () => (request.unresolved = true)));
    if (request.parameters.Constraints) request.parameters.Constraints = withoutNulls(request.parameters.Constraints);
    const { answer, response } = perform(world, request);
    if (response) responses.set(step.id, response);
    results.push({ step: step.id, ...answer });
  }
  return results;
}

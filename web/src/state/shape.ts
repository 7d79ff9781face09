/** Values from outside that are taken to be scenarios: files, pasted texts, links. */
import type { Scenario } from '../engine/types';
import { valueAt } from './world';

/** Whether a value has the shape of a scenario as far as the page relies on it; the rest is for the engine to judge. */
export function isScenario(value: unknown): value is Scenario {
  const isList = (list: unknown, fits: (item: unknown) => boolean) => list === undefined || (Array.isArray(list) && list.every(fits));
  const isText = (item: unknown, pointer: string) => typeof valueAt(item, pointer) === 'string';
  return (
    valueAt(value, '/scenario') === 1 &&
    isList(valueAt(value, '/keys'), (key) => isText(key, '/metadata/Arn')) &&
    isList(valueAt(value, '/principals'), (one) => isText(one, '/arn') && isList(valueAt(one, '/identityPolicies'), (policy) => isText(policy, '/name'))) &&
    isList(valueAt(value, '/accounts'), (account) => isText(account, '/id')) &&
    isList(valueAt(value, '/vpcEndpoints'), (endpoint) => isText(endpoint, '/id')) &&
    isList(valueAt(value, '/steps'), isStep)
  );
}

/** The same for a step. */
export function isStep(value: unknown): boolean {
  const request = valueAt(value, '/request');
  const asks = typeof valueAt(request, '/principal') === 'string' && typeof valueAt(request, '/operation') === 'string';
  return typeof value === 'object' && value !== null && (request === undefined || asks);
}

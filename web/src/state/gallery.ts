/** The scenarios of `gallery/`: an index small enough to search in, and each scenario as a file of its own that is loaded when opened. */
import type { Localized, Scenario } from '../engine/types';
import { valueAt } from './world';

/** What the gallery shows of a scenario. */
export interface Exhibit {
  /** The file's name without its ending; what links call it. */
  id: string;
  title: Localized;
  description: Localized;
  tags: string[];
}

/** The scenario that the page opens with. */
export const storyName = 'lambda-env';

const files = import.meta.glob<{ default: unknown }>('../../gallery/*.json');
const fileOf = (name: string) => files[`../../gallery/${name}.json`];

/** All exhibits, the story first. */
export async function exhibits(): Promise<readonly Exhibit[]> {
  return (await import('virtual:gallery')).default;
}

/** A scenario by its name; undefined when the gallery has none of this name. */
export async function scenarioNamed(name: string): Promise<Scenario | undefined> {
  const file = fileOf(name);
  return file && ((await file()).default as Scenario);
}

/** Where a scenario is opened: the story where it surprises, every other one at the first question. */
export function openingOf({ steps = [] }: Scenario): number {
  const surprise = steps.findIndex(({ id }) => id === 'invoke');
  return (surprise >= 0 ? surprise : steps.findIndex(({ request }) => request !== undefined)) + 1;
}

/** The exhibits that have every word of the search in their title, description or tags, in the language of the reader. */
export function found(all: readonly Exhibit[], search: string, tag: string, local: (text: Localized) => string): Exhibit[] {
  const wanted = search.toLowerCase().normalize('NFKC').split(/\s+/).filter(Boolean);
  return all.filter((exhibit) => {
    const text = [exhibit.id, local(exhibit.title), local(exhibit.description), ...exhibit.tags].join(' ').toLowerCase().normalize('NFKC');
    return (tag === '' || exhibit.tags.includes(tag)) && wanted.every((word) => text.includes(word));
  });
}

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

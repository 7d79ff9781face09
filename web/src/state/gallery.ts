/**
 * The scenarios of `gallery/`: an index small enough to search in, and each scenario as a file of its own that is loaded when opened;
 * and the start for those who have documents of their own.
 */
import type { Localized, Scenario } from '../engine/types';

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

/** All exhibits, the story first. */
export async function exhibits(): Promise<readonly Exhibit[]> {
  return (await import('virtual:gallery')).default;
}

/** A scenario by its name; undefined when the gallery has none of this name. */
export async function scenarioNamed(name: string): Promise<Scenario | undefined> {
  if (name === storyName) return (await import('../../gallery/lambda-env.json')).default as unknown as Scenario;
  // The list of the others is no small thing to load before the first decision.
  const { files } = await import('./exhibits');
  return (await files[`../../gallery/${name}.json`]?.())?.default as Scenario | undefined;
}

/** Where a scenario is opened: the story where it surprises, every other one at the first question. */
export function openingOf({ steps = [] }: Scenario): number {
  const surprise = steps.findIndex(({ id }) => id === 'invoke');
  return (surprise >= 0 ? surprise : steps.findIndex(({ request }) => request !== undefined)) + 1;
}

/** Stands for the key until a document or the reader names a real one. */
export const placeholderKey = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Whether this key still stands for one that nobody has named: its account may be known already. */
export function isPlaceholder(arn: string): boolean {
  return arn.replace(/:\d{12}:/, ':111122223333:') === placeholderKey;
}

/** A key that nothing is known about yet. */
export const emptyStart: Scenario = {
  scenario: 1,
  keys: [{ metadata: { Arn: placeholderKey }, policy: '', grants: [] }],
  principals: [],
};

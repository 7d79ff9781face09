/** The scenarios of `gallery/`: an index small enough to search in, and each scenario as a file of its own that is loaded when opened. */
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

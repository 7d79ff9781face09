// The project's files. Whoever imports this works in the project's root folder, wherever it was started.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** The files in and below a folder whose names end in `ending`, sorted. */
export const filesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

/** Every file of the scenario corpus, and the gallery of the page. */
export const scenarioFiles = () => [...filesIn('tests/scenarios', '.json'), ...filesIn('web/gallery', '.json')];

/** Everything below the decision, which is loaded when the first decision stands. A new panel is one file, and one place in `columns`. */
import { html, noChange } from 'lit';
import * as entries from '../state/entry';
import { readEntries } from '../state/player';
import styles from '../styles/panels.css?inline';
import { commands } from './commands';
import { documents } from './documents';
import { flowPanel } from './flow';
import { grantsPanel } from './grants';
import { pastePanel } from './paste';
import { requestPanel } from './request';
import { timeline } from './timeline';
import { trace } from './trace';
import type { View } from './view';

readEntries(entries);
export { styles };
export * as drafts from '../state/draft';
export { writeClipboard } from './clipboard';
export { decisionDetails, obstacles } from './details';
export { gallery } from './gallery';
export { toolbar, tools } from './tools';
export { documents, flowPanel, grantsPanel, requestPanel, timeline, trace };

/** A reader with documents of their own begins with those, one who follows a story with its timeline. */
const panels = {
  own: [[pastePanel, documents], [requestPanel, grantsPanel, timeline], [flowPanel, trace, commands]],
  story: [[timeline, grantsPanel], [flowPanel, trace], [requestPanel, documents, pastePanel, commands]],
};

/** How many parts are drawn in turn: what stands above the panels (number 0), and each panel. */
export const turns = 1 + Math.max(panels.own.flat().length, panels.story.flat().length);

/** All panels, of which those are drawn whose turn it is. */
export function columns(view: View) {
  const isNew = view.state.name === 'new';
  let turn = 0;
  const drawn = (panel: (view: View) => unknown) => (view.due((turn += 1)) ? panel(view) : noChange);
  const column = (parts: readonly ((view: View) => unknown)[]) => html`<div class="column">${parts.map(drawn)}</div>`;
  // Two templates, so that none of the other's panels stays until its place is drawn: what is typed into it would go with it.
  return isNew ? html`<div class="columns own">${panels.own.map(column)}</div>` : html`<div class="columns">${panels.story.map(column)}</div>`;
}

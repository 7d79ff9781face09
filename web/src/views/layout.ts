/** Everything below the decision, which is loaded when the first decision stands. A new panel is one file, and one place in `columns`. */
import { html } from 'lit';
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
export { decisionDetails, obstacles } from './details';
export { gallery } from './gallery';
export { toolbar, tools } from './tools';
export { documents, flowPanel, grantsPanel, requestPanel, timeline, trace };

/** All panels at once. A reader with documents of their own begins with those, one who follows a story with its timeline. */
export function columns(view: View) {
  const isNew = view.state.name === 'new';
  const panels = isNew
    ? [[pastePanel, documents], [requestPanel, grantsPanel, timeline], [flowPanel, trace, commands]]
    : [[timeline, grantsPanel], [flowPanel, trace], [requestPanel, documents, pastePanel, commands]];
  return html`<div class="columns ${isNew ? 'own' : ''}">
    ${panels.map((column) => html`<div class="column">${column.map((panel) => panel(view))}</div>`)}
  </div>`;
}

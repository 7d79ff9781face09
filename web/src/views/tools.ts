/** The tools below the decision. Each is a file of its own that is loaded when it is first opened; a new one is one line here. */
import { html, type TemplateResult } from 'lit';
import type { Store } from '../state/store';
import type { View } from './view';

export interface Tool {
  view: (view: View) => TemplateResult;
  /** What is worked out after each change while the tool is open. */
  prepare?: (store: Store) => void;
}

export const tools = {
  whatIf: async (): Promise<Tool> => {
    const { whatIf, prepare } = await import('./whatif');
    return { view: whatIf, prepare };
  },
  matrix: async (): Promise<Tool> => ({ view: (await import('./matrix')).matrix }),
  share: async (): Promise<Tool> => ({ view: (await import('./share')).share }),
};

export type ToolName = keyof typeof tools;
export const toolNames = Object.keys(tools) as ToolName[];

/** One button per tool; the open one stands below them. */
export function toolbar(view: View, open: ToolName | undefined, tool: Tool | undefined, choose: (name: ToolName | undefined) => void) {
  const { words } = view;
  return html`<div class="toolbar" role="group" aria-label=${words.text('tools.heading')}>
      ${toolNames.map(
        (name) => html`<button
          type="button"
          aria-expanded=${name === open}
          aria-controls="tool"
          @click=${() => choose(name === open ? undefined : name)}
        >
          ${words.text(`tools.${name}`)}
        </button>`,
      )}
    </div>
    <div id="tool">${open && tool ? tool.view(view) : ''}</div>`;
}

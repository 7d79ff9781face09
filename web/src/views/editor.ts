/**
 * CodeMirror as an element, in a shadow root of its own. Loaded when a text is first shown; until then, and where the reader prefers it,
 * a plain text area does the same. Tab leaves it, like any other field.
 */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic as Squiggle } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Range } from '../engine/types';

/** A change that comes from the page, not from the reader. */
const given = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--kms-accent)' },
  { tag: [tags.string, tags.number], color: 'var(--kms-fg)' },
  { tag: [tags.bool, tags.null], color: 'var(--kms-allow)' },
]);

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--kms-sunken)', color: 'var(--kms-fg)', border: '1px solid var(--kms-strong-line)', borderRadius: '8px' },
  '&.cm-focused': { outline: '3px solid var(--kms-focus)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--kms-mono)', fontSize: '0.87rem', lineHeight: '1.55', maxHeight: '32rem', minHeight: '10rem' },
  '.cm-content': { caretColor: 'var(--kms-fg)', padding: '0.4rem 0' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--kms-muted)', border: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--kms-fg)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--kms-selection)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--kms-accent-soft)', outline: '1px solid var(--kms-accent)' },
  '.cm-tooltip': { backgroundColor: 'var(--kms-surface)', color: 'var(--kms-fg)', border: '1px solid var(--kms-strong-line)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--kms-accent)', color: 'var(--kms-on-accent)' },
});

export class KmsEditor extends HTMLElement {
  #view: EditorView;
  #document: string | undefined;
  #attributes = new Compartment();

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    this.#view = new EditorView({ root, parent: root, state: this.#state('') });
  }

  /** Which document this is: another one begins with an empty history. */
  set document(name: string) {
    if (this.#document !== undefined && this.#document !== name) this.#view.setState(this.#state(''));
    this.#document = name;
  }

  set text(text: string) {
    const { state } = this.#view;
    if (this.#view.composing || text === state.doc.toString()) return;
    const anchor = Math.min(state.selection.main.anchor, text.length);
    this.#view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, selection: { anchor }, annotations: given.of(true) });
  }
  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Its name and state for assistive technology. */
  set label({ name, invalid, description }: { name: string; invalid: boolean; description: string }) {
    const attributes = { 'aria-label': name, 'aria-invalid': String(invalid), 'aria-description': description };
    this.#view.dispatch({ effects: this.#attributes.reconfigure(EditorView.contentAttributes.of(attributes)) });
  }

  /** What is underlined. */
  set problems(problems: readonly Squiggle[]) {
    const { length } = this.#view.state.doc;
    this.#view.dispatch(setDiagnostics(this.#view.state, problems.filter(({ from, to }) => from <= to && to <= length)));
  }

  /** Selects a range and brings it into view. */
  select({ start, end }: Range) {
    const { length } = this.#view.state.doc;
    const anchor = Math.min(start.offset, length);
    this.#view.dispatch({
      selection: { anchor, head: Math.min(Math.max(end.offset, start.offset), length) },
      effects: EditorView.scrollIntoView(anchor, { y: 'start', yMargin: 60 }),
    });
    this.#view.focus();
  }

  get selected(): string {
    const { main } = this.#view.state.selection;
    return this.#view.state.sliceDoc(main.from, main.to);
  }

  override focus() {
    this.#view.focus();
  }

  #state(doc: string) {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        json(),
        lintGutter(),
        syntaxHighlighting(colours),
        theme,
        EditorView.lineWrapping,
        this.#attributes.of([]),
        EditorView.contentAttributes.of({ autocapitalize: 'off', spellcheck: 'false', lang: 'en', translate: 'no' }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.updateListener.of(({ docChanged, transactions, view }) => {
          // Half a word of an input method is no input yet; its end is a change of its own.
          if (docChanged && !view.composing && !transactions.every((one) => one.annotation(given))) this.#changed();
        }),
        EditorView.domEventHandlers({ compositionend: () => void setTimeout(() => this.#changed()) }),
      ],
    });
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('edit', { detail: this.text }));
  }
}

customElements.define('kms-editor', KmsEditor);

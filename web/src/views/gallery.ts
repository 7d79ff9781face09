/** The gallery: every scenario as a link, to be searched and narrowed down by tags. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Localized } from '../engine/types';
import type { Words } from '../i18n';
import type { Exhibit } from '../state/gallery';
import { typed } from './typing';
import { heading, withCode } from './view';

/** What the reader looks for. */
export interface Search {
  text: string;
  tag: string;
}

export function gallery(words: Words, all: readonly Exhibit[], search: Search, change: (search: Search) => void) {
  const tags = commonTags(all);
  const shown = found(all, search.text, search.tag, words.local);
  return html`<section class="gallery" aria-labelledby="gallery">
    <div class="intro">
      ${heading('gallery', words.text('gallery.heading'))}
      <p>${words.text('gallery.description')}</p>
    </div>
    <form role="search" @submit=${(event: Event) => event.preventDefault()}>
      <label class="field">
        <span>${words.text('gallery.search')}</span>
        <input type="search" autocomplete="off" .value=${live(search.text)} @input=${typed((text) => change({ ...search, text }))} />
      </label>
      ${tags.length > 1
        ? html`<div class="tags" role="group" aria-label=${words.text('gallery.tags')}>
            ${tags.map(
              (tag) => html`<button
                type="button"
                aria-pressed=${tag === search.tag}
                @click=${() => change({ ...search, tag: tag === search.tag ? '' : tag })}
              >
                ${tagName(words, tag)}
              </button>`,
            )}
          </div>`
        : ''}
    </form>
    <p class="help" role="status">${words.text('gallery.count', { count: shown.length })}</p>
    <ul class="exhibits">
      ${shown.map(
        ({ id, title, description, tags }) => html`<li class="card">
          <h3><a href="#s=${id}">${withCode(words.local(title))}</a></h3>
          <p>${withCode(words.local(description))}</p>
          ${tags.length > 0 ? html`<p class="of">${tags.map((tag) => html`<span class="chip">${tagName(words, tag)}</span> `)}</p>` : ''}
        </li>`,
      )}
    </ul>
  </section>`;
}

/** The tags that more than one exhibit has, the most frequent first: the others are found by searching. */
function commonTags(all: readonly Exhibit[]): string[] {
  const count = new Map<string, number>();
  for (const tag of all.flatMap(({ tags }) => tags)) count.set(tag, (count.get(tag) ?? 0) + 1);
  return [...count].filter(([, times]) => times > 1).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([tag]) => tag);
}

/** Tags are written in the scenarios; those that this page has a word for are said in the reader's language. */
const tagName = (words: Words, tag: string) => words.findText(`tag.${tag}`) ?? tag;

/** The exhibits that have every word of the search in their title, description or tags, in the language of the reader. */
function found(all: readonly Exhibit[], search: string, tag: string, local: (text: Localized) => string): Exhibit[] {
  const wanted = search.toLowerCase().normalize('NFKC').split(/\s+/).filter(Boolean);
  return all.filter((exhibit) => {
    const text = [exhibit.id, local(exhibit.title), local(exhibit.description), ...exhibit.tags].join(' ').toLowerCase().normalize('NFKC');
    return (tag === '' || exhibit.tags.includes(tag)) && wanted.every((word) => text.includes(word));
  });
}

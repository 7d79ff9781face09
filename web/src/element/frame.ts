/**
 * `embed.html`: the element for pages that take iframes but no scripts. Works in `<iframe sandbox="allow-scripts">`, where it has neither
 * storage nor clipboard nor an origin of its own.
 *
 *     embed.html?view=mini&lang=ja&origin=https://blog.example#s=lambda-env
 *
 * The query has the attributes of the element; what is shown comes after the `#`, so that no server sees it. The pages talk in messages:
 *
 * - `{type: 'kms:height', height}` to the page around: how many pixels the content is high. Everybody may know that.
 * - `{type: 'kms:decision', decision}` to it, whenever there is another answer;
 * - `{type: 'kms:set', …attributes}` from it, to set attributes; null removes one.
 *
 * The last two need `origin` in the query, and go to and come from a window of that origin only.
 */
import { KmsPlayground } from './element';

const settable = ['scenario', 'state', 'view', 'step', 'lesson', 'actions', 'editor', 'theme', 'headings', 'lang', 'cover', 'readonly'];

const element = document.querySelector('kms-playground');
const query = new URLSearchParams(location.search);
const origin = originOf(query.get('origin'));

if (element) {
  for (const name of settable) {
    const value = query.get(name);
    if (value !== null) set(element, name, value);
  }
  readFragment(element);
  addEventListener('hashchange', () => readFragment(element));
  element.loading = 'eager';

  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height !== last && parent !== self) parent.postMessage({ type: 'kms:height', height }, '*');
    last = height;
  }).observe(document.body);

  if (origin !== undefined) {
    const told = () => parent.postMessage({ type: 'kms:decision', decision: structuredClone(element.decision) }, origin);
    for (const event of ['kms-ready', 'kms-decision']) element.addEventListener(event, told);
    addEventListener('message', ({ source, origin: from, data }) => {
      if (source !== parent || from !== origin || typeof data !== 'object' || data?.type !== 'kms:set') return;
      for (const name of settable) if (Object.hasOwn(data, name)) set(element, name, data[name]);
    });
  }
}

/** Strings and numbers are attribute values, true is an attribute without one, everything else removes it. */
function set(element: KmsPlayground, name: string, value: unknown) {
  const isText = typeof value === 'string' || typeof value === 'number' || value === true;
  if (isText) element.setAttribute(name, value === true ? '' : String(value));
  else element.removeAttribute(name);
  if (name === 'lang') document.documentElement.lang = isText ? String(value) : 'en';
  if (name === 'theme') document.documentElement.dataset['theme'] = isText ? String(value) : '';
}

function readFragment(element: KmsPlayground) {
  const [, lesson] = /^#lesson=(.*)$/.exec(location.hash) ?? [];
  if (lesson !== undefined) {
    element.removeAttribute('state');
    element.lesson = lesson;
  } else if (location.hash.length > 1) {
    element.removeAttribute('lesson');
    element.state = location.hash;
  }
}

/** Only a whole origin counts: what is no URL, or has no origin, lets nobody in. */
function originOf(text: string | null): string | undefined {
  try {
    const { origin } = new URL(text ?? '');
    return origin === 'null' ? undefined : origin;
  } catch {
    return undefined;
  }
}

/** What an element takes over from the page around it. */

/** The size of the text around it: what `rem` is on our own page. */
export const sizeAround = (element: Element): string => getComputedStyle(element).fontSize;

/** Dark where the text around is light, whatever way the page has found to be dark. */
export const schemeAround = (element: Element): 'light' | 'dark' => (lightness(getComputedStyle(element).color) > 0.55 ? 'dark' : 'light');

/** Of a computed colour, from 0 to 1, as far as light or dark is to be told. */
export function lightness(colour: string): number {
  const [, space = '', rest = ''] = /^([a-z]+)\((?:[\w-]*[a-z][\w-]* )?(.*)/.exec(colour) ?? [];
  const [first = 0, second = 0, third = 0] = rest.match(/-?[\d.]+/g)?.map(Number) ?? [];
  if (space.startsWith('ok')) return first;
  if (space.startsWith('l')) return first / 100;
  return (0.3 * first + 0.6 * second + 0.1 * third) / (space === 'color' ? 1 : 255);
}

/** The level of the last heading before it; 1 when there is none. */
export function levelBefore(element: Element): number {
  const before = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  return Number(before.at(-1)?.localName.slice(1) ?? 1);
}

/** The element around another one, across shadow roots. */
function around(element: Element): Element | undefined {
  const { parentNode } = element;
  return parentNode instanceof ShadowRoot ? parentNode.host : parentNode instanceof Element ? parentNode : undefined;
}

/** Calls back when the page may have changed its language, its colours or its size; gives what ends that. */
export function watchAround(element: Element, changed: () => void): () => void {
  const attributes = new MutationObserver(changed);
  for (let at = around(element); at; at = around(at)) attributes.observe(at, { attributes: true });
  // A colour that fades has its new value only then.
  const faded = ({ propertyName }: TransitionEvent) => /color|font/.test(propertyName) && changed();
  document.addEventListener('transitionend', faded);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', changed);
  return () => {
    attributes.disconnect();
    document.removeEventListener('transitionend', faded);
    scheme.removeEventListener('change', changed);
  };
}

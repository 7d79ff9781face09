/** A link as a QR code, for a room full of phones. Loaded when somebody wants one. */
import { html } from 'lit';
import qrcode from 'qrcode-generator';

/** Codes with more in them are too fine for cameras at the back of the room. */
const longest = 1200;

/** Black on white in every theme, with the quiet zone that readers need; undefined when the link is too long for one. */
export function qrCode(link: string, label: string) {
  if (link.length > longest) return undefined;
  const code = qrcode(0, 'L');
  code.addData(link);
  code.make();
  const count = code.getModuleCount();
  const range = [...Array(count).keys()];
  const dark = range.flatMap((row) => range.filter((column) => code.isDark(row, column)).map((column) => `M${column + 4} ${row + 4}h1v1h-1z`));
  const size = count + 8;
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff" />
    <path d=${dark.join('')} fill="#000" />
  </svg>`;
}

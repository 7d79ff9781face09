/** A link as a QR code, for a room full of phones. Loaded when somebody wants one. */
import qrcode from 'qrcode-generator';

/** Codes with more in them are too fine for cameras at the back of the room. */
const longest = 1200;

/** The dark modules as a path in a square of `size`, with the quiet zone that readers need; undefined when the link is too long for a code. */
export function qrCode(link: string): { path: string; size: number } | undefined {
  if (link.length > longest) return undefined;
  const code = qrcode(0, 'L');
  code.addData(link);
  code.make();
  const count = code.getModuleCount();
  const range = [...Array(count).keys()];
  const dark = range.flatMap((row) => range.filter((column) => code.isDark(row, column)).map((column) => `M${column + 4} ${row + 4}h1v1h-1z`));
  return { path: dark.join(''), size: count + 8 };
}

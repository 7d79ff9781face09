/** Copying, also where the browser only lets a press of a button do it: in frames, and on pages without HTTPS. */
import type { Words } from '../i18n';

/** Rejects where not even that is allowed. */
export async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (refused) {
    let isGiven = false;
    const give = (event: ClipboardEvent) => {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      isGiven = true;
    };
    document.addEventListener('copy', give);
    document.execCommand('copy');
    document.removeEventListener('copy', give);
    if (!isGiven) throw refused;
  }
}

/** A button that copies: it says for a moment what came of it, then its own name again. */
export async function copyFrom(button: HTMLButtonElement, name: string, text: () => string | Promise<string>, words: Words): Promise<void> {
  try {
    await writeClipboard(await text());
    button.textContent = words.text('commands.copied');
  } catch {
    button.textContent = words.text('share.notCopied');
  }
  setTimeout(() => (button.textContent = name), 2000);
}

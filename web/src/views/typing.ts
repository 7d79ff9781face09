/** Hands on what is typed, but not while an input method is composing: half a word is no input yet. */
export function typed(use: (text: string) => void): (event: Event) => void {
  return (event) => {
    if ((event as InputEvent).isComposing) return;
    use((event.target as HTMLInputElement | HTMLTextAreaElement).value);
  };
}

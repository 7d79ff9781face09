/** Made by vite.config.ts from the files of `gallery/`. */
declare module 'virtual:gallery' {
  const exhibits: readonly import('./state/gallery').Exhibit[];
  export default exhibits;
}

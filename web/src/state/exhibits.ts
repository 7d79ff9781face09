/** The files of the gallery, each loaded when it is opened. */
export const files = import.meta.glob<{ default: unknown }>('../../gallery/*.json');

/** Types of layout.mjs. */

/** The text of layout.h. */
export function layoutHeader(): string;

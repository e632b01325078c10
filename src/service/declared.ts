/**
 * What is known of the limits where a service is defined. Nothing here: in Node.js a process can
 * have several systems, and a definition is of none. A device has one, whose manifest its linker
 * knows: there hosts/moddable/declared.ts stands in the place of this file.
 */
export const MESSAGE_BYTES_MAX: number = Infinity;

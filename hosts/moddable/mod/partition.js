/**
 * The memory that holds the mod: the functions of partition.c. partition.d.ts has their types.
 */
export const byteLength = native("xs_reattach_mod_byteLength");
export const blockBytes = native("xs_reattach_mod_blockBytes");
export const engine = native("xs_reattach_mod_engine");
export const read = native("xs_reattach_mod_read");
export const erase = native("xs_reattach_mod_erase");
export const write = native("xs_reattach_mod_write");
export const map = native("xs_reattach_mod_map");

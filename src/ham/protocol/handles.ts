/**
 * Handles of entities, conditions and actions: a serial number, and which of the three it means.
 */

/** The lowest bits are the kind. */
export const KIND_BITS = 2;
export const KIND_MASK = 3;
export const KIND_ENTITY = 1;
export const KIND_CONDITION = 2;
export const KIND_ACTION = 3;

/**
 * What client and server of a service agree on beside its fields: the tag that each request begins
 * with, and the message by which a client asks which version of the service it has found.
 *
 * The low half of a tag is the type of the message, as dispatch_* reads it: which service, and
 * which of its calls. The high half is a part of the call's fingerprint. So a server answers a call
 * that it does not know, or knows with other fields, with ENOSYS, and never reads nonsense.
 */

/** Bytes in front of a request's fields. */
export const TAG_BYTES = 4;

/** A service has this many types of messages: its calls, and the question for its version. */
export const TYPES = 64;
/** The call that a type means, as its number in the service; 0 is the question. */
export const INDEX_MASK = TYPES - 1;
export const CALLS_MAX = TYPES - 1;
/** QNX's own messages have the types below; a service never has one of them. */
const TYPES_FROM = 0x200;
const TYPES_END = 0x1_0000;

/** The question: a tag, and the number of a member, or 0 for none. */
export const QUESTION_MEMBER_AT = 4;
export const QUESTION_BYTES = 8;
/** The answer: the service's fingerprint; 1 if there is such a member, else 0; its fingerprint. */
export const ANSWER_SERVICE_AT = 0;
export const ANSWER_KNOWN_AT = 4;
export const ANSWER_MEMBER_AT = 8;
export const ANSWER_BYTES = 12;
/** Changes when question or answer do. It is the high half of the question's tag. */
const PROTOCOL = 1;

const FNV_START = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/** FNV-1a of the UTF-16 units of a text, 32 bits, signed. */
export function fingerprintOf(text: string): number {
  let hash = FNV_START;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  return hash | 0;
}

/** The first type of a service's messages, unless its definition gives one. */
export function typeOf(name: string): number {
  const places = (TYPES_END - TYPES_FROM) / TYPES;
  return TYPES_FROM + ((fingerprintOf(name) >>> 0) % places) * TYPES;
}

/** May a service's messages begin with this type? */
export function isFirstType(type: number): boolean {
  return type >= TYPES_FROM && type < TYPES_END && type % TYPES === 0;
}

/** The tag of a call: its type, and the upper half of its fingerprint. */
export function tagOf(type: number, fingerprint: number): number {
  return (fingerprint & 0xffff_0000) | type;
}

/** The tag of the question for a service's version. */
export function questionTag(type: number): number {
  return (PROTOCOL << 16) | type;
}

/** A fingerprint as people read it: eight hexadecimal digits. */
export function inHex(fingerprint: number): string {
  return (fingerprint >>> 0).toString(16).padStart(8, "0");
}

/** The number of a pulse in the question; that of a call is its place in the service, from 1 on. */
export function pulseNumber(code: number): number {
  return TYPES + code;
}

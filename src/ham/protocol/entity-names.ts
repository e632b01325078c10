/**
 * What may be a name, and what a text, of the manager's model. They come from other tasks.
 */
import { EINVAL, ENAMETOOLONG } from "../../kernel/errno.js";

/**
 * Characters of a path from the entity to the action, slashes included. QNX has _POSIX_PATH_MAX,
 * 255: more than half of what a message has room for.
 */
export const PATH_MAX = 64;

const SLASH = 0x2f;
/** Texts are printable ASCII: a byte each in a message, and a line each in a log. */
const CHARACTER_MIN = 0x20;
const CHARACTER_MAX = 0x7e;

/** True for a string of printable ASCII; it may be empty. */
export function isText(text: unknown): text is string {
  if (typeof text !== "string") return false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character < CHARACTER_MIN || character > CHARACTER_MAX) return false;
  }
  return true;
}

/** 0 for a usable name below a path of `above` characters; else -EINVAL or -ENAMETOOLONG. */
export function nameError(name: string, above: number): number {
  if (!isText(name) || name.length === 0) return -EINVAL;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) === SLASH) return -EINVAL;
  return above + name.length > PATH_MAX ? -ENAMETOOLONG : 0;
}

/**
 * What may be a name in the manager's model. Names come from other tasks.
 */
import { EINVAL, ENAMETOOLONG } from "../../kernel/errno.js";
import { isText } from "../../manager/for-extensions.js";

/** Characters of a path from the entity to the action, slashes included: _POSIX_PATH_MAX. */
export const PATH_MAX = 255;

const SLASH = 0x2f;

/** 0 for a usable name below a path of `above` characters; else -EINVAL or -ENAMETOOLONG. */
export function nameError(name: string, above: number): number {
  if (!isText(name) || name.length === 0) return -EINVAL;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) === SLASH) return -EINVAL;
  return above + name.length > PATH_MAX ? -ENAMETOOLONG : 0;
}

/**
 * How paths are shown in messages.
 */
import { relative } from "node:path";

/** A path as people look for it: from where they are. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path) || ".";
}

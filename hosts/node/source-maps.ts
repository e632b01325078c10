/**
 * Stack traces of tasks in terms of their TypeScript. For the worker thread, before the task's
 * program is imported.
 *
 * Node reads the source map of a module from a data: URL (asked to, it has it under the module's
 * `sourceURL`), but looks it up by the module's URL, which it takes for a file path. So frames are
 * mapped here, by the name that they show.
 */
import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** A frame as V8 prints it, with its place in the source instead of that in the bundle. */
function mappedFrame(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const name = frame.getScriptNameOrSourceURL();
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (name == null || line === null || column === null) return text;
  // Source maps count from 0, frames from 1.
  const entry = findSourceMap(name)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalSource" in entry)) return text;
  const { originalSource, originalLine, originalColumn } = entry;
  const source = originalSource.startsWith("file:")
    ? fileURLToPath(originalSource)
    : originalSource;
  return text.replace(
    `${name}:${line}:${column}`,
    () => `${source}:${originalLine + 1}:${originalColumn + 1}`,
  );
}

/** From now on `error.stack` in this thread names original files, lines and columns. */
export function installSourceMaps(): void {
  process.setSourceMapsEnabled(true);
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map(mappedFrame)].join("\n    at ");
}

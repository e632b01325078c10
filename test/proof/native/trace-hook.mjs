/**
 * A hook of Node.js for main.ts: the trace points of the kernel are those that record, as in the
 * tracing build.
 */
const POINTS = new URL("./points.ts", import.meta.url).href;

/** @type {import("node:module").ResolveHook} */
export function resolve(specifier, context, next) {
  return next(specifier.endsWith("/trace/points.js") ? POINTS : specifier, context);
}

/**
 * Stack traces of tasks in terms of their TypeScript.
 *
 * Node reads the source map of a module from a data: URL (asked to, it has it under the module's
 * `sourceURL`), but looks it up by the module's URL, which it takes for a file path. So frames are
 * mapped here, by the name that they show. What a task prints is mapped in its own thread; what it
 * died of, in the main thread and after its death was told: reading a source map takes longer than
 * a standby takes to take over.
 */
import { findSourceMap, SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";
import { describeThrown, headOf, shortened } from "../../../src/kernel/death/thrown.js";

/** What both ways of finding an entry give, for a place that is in the map. */
interface Origin {
  readonly originalSource: string;
  readonly originalLine: number;
  readonly originalColumn: number;
}

/** Source maps count from 0, frames from 1. */
function placeIn(map: SourceMap | undefined, line: number, column: number): string | null {
  const entry = map?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalSource" in entry)) return null;
  const { originalSource, originalLine, originalColumn } = entry as Origin;
  const isFile = originalSource.startsWith("file:");
  const source = isFile ? fileURLToPath(originalSource) : originalSource;
  return `${source}:${originalLine + 1}:${originalColumn + 1}`;
}

/** A frame as V8 prints it, with its place in the source instead of that in the bundle. */
function mappedFrame(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const name = frame.getScriptNameOrSourceURL();
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (name == null || line === null || column === null) return text;
  const place = placeIn(findSourceMap(name), line, column);
  return place === null ? text : text.replace(`${name}:${line}:${column}`, () => place);
}

/** As V8 begins a stack, and not less for an error that throws when it is asked. */
function headTextOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return headOf(error);
  }
}

function joined(error: Error, frames: readonly string[]): string {
  return [headTextOf(error), ...frames].join("\n    at ");
}

/** From now on `error.stack` in this thread names original files, lines and columns. */
export function installSourceMaps(): void {
  process.setSourceMapsEnabled(true);
  Error.prepareStackTrace = (error, frames) => joined(error, frames.map(mappedFrame));
}

/** The longest text of a death: a stack with its error's message. In UTF-16 units. */
const DEATH_LENGTH_MAX = 8_192;

/** A thrown value as text of bounded length. Never throws. */
export function deathText(thrown: unknown): string {
  return shortened(describeThrown(thrown), DEATH_LENGTH_MAX);
}

/** The same in a thread that dies; a stack that nobody has looked at yet names the bundle. */
export function describeRaw(thrown: unknown): string {
  Error.prepareStackTrace = (error, frames) => joined(error, frames.map(String));
  return deathText(thrown);
}

const INLINE_MAP = "//# sourceMappingURL=data:application/json;base64,";

/** Programs whose maps are kept: reading one takes as long as the rest of a death. */
const KEPT_MAPS = 32;
const keptMaps = new Map<string, SourceMap | undefined>();

/** The source map of a program, from its data: URL. */
function mapOf(program: string): SourceMap | undefined {
  if (!keptMaps.has(program)) {
    const [oldest] = keptMaps.keys();
    if (keptMaps.size >= KEPT_MAPS) keptMaps.delete(oldest!);
    keptMaps.set(program, readMap(program));
  }
  return keptMaps.get(program);
}

function readMap(program: string): SourceMap | undefined {
  const code = Buffer.from(program.slice(program.indexOf(",") + 1), "base64").toString();
  const start = code.lastIndexOf(INLINE_MAP);
  if (start < 0) return undefined;
  const [payload = ""] = code.slice(start + INLINE_MAP.length).split("\n", 1);
  const map = JSON.parse(Buffer.from(payload, "base64").toString()) as SourceMapPayload;
  // SourceMap leaves the root of the sources to others.
  const sources = map.sources.map((source) => new URL(source, map.sourceRoot).href);
  return new SourceMap({ ...map, sources });
}

/** What describeRaw() gave, with the places of a program in its sources. */
export function mapStack(text: string, program: string): string {
  if (!text.includes(".bundle.mjs:")) return text;
  const map = mapOf(program);
  return text.replace(
    /file:\S+?\.bundle\.mjs:(\d+):(\d+)/g,
    (place, line: string, column: string) => placeIn(map, Number(line), Number(column)) ?? place,
  );
}

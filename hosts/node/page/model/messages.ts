/**
 * Single messages as the timeline shows them: which arrows they are, which of them is under the
 * pointer, and what is said of each.
 */
import type {
  MessageBytes,
  MessageRow,
  MessageValue,
  MessageWindow,
} from "../../watch/message-window.js";
import { grouped, shownWait } from "./format.js";
import type { Span } from "./timeline.js";

/** A line from one lane to another, or, while a server works on a message, along its own. */
export interface Arrow {
  readonly message: MessageRow;
  readonly kind: "message" | "handling" | "reply";
  /** Rows of the timeline. */
  readonly from: number;
  readonly to: number;
  readonly from_ms: number;
  readonly to_ms: number;
}

/** A pointer that is farther from an arrow does not mean it. */
const NEAR_PX = 6;

/** Are these all that there were? Only then they are shown: a part of them would look like all. */
export function isWhole({ total, messages }: MessageWindow): boolean {
  return total === messages.length;
}

/** Does it tell of all of this span? */
export function covers({ from_ms, to_ms }: MessageWindow, span: Span): boolean {
  return from_ms <= span.from_ms && to_ms >= span.to_ms;
}

function byBegin(a: MessageRow, b: MessageRow): number {
  return beginOf(a) - beginOf(b);
}

/** What is known of the later answer's span, when the earlier one was whole, and covers it. */
export function united(earlier: MessageWindow, later: MessageWindow): MessageWindow {
  if (!isWhole(later)) return later;
  const newer = new Set(later.messages.map(({ id }) => id));
  const older = within(earlier, later).messages.filter(({ id }) => !newer.has(id));
  const messages = [...older, ...later.messages].sort(byBegin);
  const known_ms = Math.min(earlier.known_ms, later.known_ms);
  return { ...later, messages, total: messages.length, known_ms };
}

/** The messages of a part of its span; an answer that is not whole stays as it is. */
export function within(found: MessageWindow, { from_ms, to_ms }: Span): MessageWindow {
  if (!isWhole(found)) return found;
  const messages = found.messages.filter((row) => {
    return beginOf(row) <= to_ms && (row.ended_ms ?? Infinity) >= from_ms;
  });
  return { ...found, from_ms, to_ms, messages, total: messages.length };
}

/** The arrows of these messages between the lanes of `names`. */
export function arrowsOf(messages: readonly MessageRow[], names: readonly string[]): Arrow[] {
  const arrows: Arrow[] = [];
  for (const message of messages) {
    const { sent_ms, received_ms, replied_ms, ended_ms, outcome } = message;
    const [client, server] = [names.indexOf(message.client), names.indexOf(message.server)];
    if (client < 0 || server < 0) continue;
    const add = (
      kind: Arrow["kind"],
      from: number,
      from_ms: number | null,
      to: number,
      to_ms: number | null,
    ): void => {
      if (from_ms !== null && to_ms !== null) {
        arrows.push({ message, kind, from, to, from_ms, to_ms });
      }
    };
    add("message", client, sent_ms, server, received_ms);
    add("handling", server, received_ms, server, replied_ms);
    // One whose client has died was answered in vain.
    if (outcome !== "died") add("reply", server, replied_ms, client, ended_ms);
  }
  return arrows;
}

/** Where a picture has its lanes. */
export interface LanePlace {
  readonly span: Span;
  readonly width: number;
  /** Height of a lane. */
  readonly height: number;
}

/** Both ends of an arrow, in pixels. */
export function endsOf(
  { from, to, from_ms, to_ms }: Arrow,
  { span, width, height }: LanePlace,
): readonly [x0: number, y0: number, x1: number, y1: number] {
  const scale = width / (span.to_ms - span.from_ms);
  const x = (ms: number): number => (ms - span.from_ms) * scale;
  const y = (row: number): number => (row + 0.5) * height;
  return [x(from_ms), y(from), x(to_ms), y(to)];
}

/** How far a point is from a line between two others. */
function distance(x: number, y: number, ends: readonly [number, number, number, number]): number {
  const [x0, y0, x1, y1] = ends;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length;
  const at = Math.max(0, Math.min(1, share));
  return Math.hypot(x - x0 - at * dx, y - y0 - at * dy);
}

/** The message whose arrow is nearest to a point of the picture; null when none is near. */
export function messageAt(
  arrows: readonly Arrow[],
  place: LanePlace,
  x: number,
  y: number,
): MessageRow | null {
  let nearest: MessageRow | null = null;
  let near = NEAR_PX;
  for (const arrow of arrows) {
    const far = distance(x, y, endsOf(arrow, place));
    if (far > near || (far === near && nearest !== null)) continue;
    near = far;
    nearest = arrow.message;
  }
  return nearest;
}

/** When a message began: when it was sent, or as far as is known. */
export function beginOf({ sent_ms, received_ms }: MessageRow): number {
  return sent_ms ?? received_ms ?? 0;
}

/** What a message is called: "read" of a service, else how long it is. */
export function callWords({ service, name, request }: MessageRow): string {
  return service === "" ? `${grouped(request.bytes)} bytes` : `${service}.${name}`;
}

/** How it ended. */
export function outcomeWords({ outcome, result, received_ms }: MessageRow): string {
  if (outcome === "open") return received_ms === null ? "not received" : "not answered";
  if (outcome === "died") return "its client died";
  if (outcome === "failed") return `errno ${result ?? "?"}`;
  return result === null ? "answered" : `status ${result}`;
}

/** How long it took; "–" for one that is not over. */
export function tookWords(row: MessageRow): string {
  return row.ended_ms === null ? "–" : shownWait(row.ended_ms - beginOf(row));
}

/** A moment, to the microsecond. */
function momentWords(ms: number): string {
  return `${(ms / 1000).toFixed(6)} s`;
}

/** A field as a person writes it. */
export function valueWords(value: MessageValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(valueWords).join(", ")}]`;
  const fields = Object.entries(value as Readonly<Record<string, MessageValue>>);
  return `{ ${fields.map(([name, each]) => `${name}: ${valueWords(each)}`).join(", ")} }`;
}

/** Bytes in groups of four. */
export function hexWords({ hex, bytes }: MessageBytes): string {
  if (hex === null) return "not kept any more";
  if (hex === "") return "none";
  const words = hex.match(/.{1,8}/g) ?? [];
  return words.join(" ") + (hex.length < 2 * bytes ? " …" : "");
}

type Fact = readonly [what: string, words: string];

/** Everything that is known of a message but what it holds. */
export function factsOf(row: MessageRow): readonly Fact[] {
  const { number, attempt, coid, sent_ms, received_ms, replied_ms, ended_ms } = row;
  const since = (ms: number | null, before: number | null): string => {
    if (ms === null) return "–";
    return before === null ? momentWords(ms) : `${shownWait(ms - before)} later`;
  };
  return [
    ["number", grouped(number)],
    ["attempt", attempt === 8 ? "8 or more" : String(attempt)],
    ["connection", coid === null ? "–" : String(coid)],
    ["sent", sent_ms === null ? "not recorded" : momentWords(sent_ms)],
    ["received", since(received_ms, sent_ms)],
    ["answered", since(replied_ms, received_ms)],
    ["over", since(ended_ms, replied_ms ?? received_ms ?? sent_ms)],
    ["outcome", outcomeWords(row)],
  ];
}

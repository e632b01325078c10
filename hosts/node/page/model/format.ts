/**
 * Numbers and lists as people read them. The same everywhere on the page, and short: most stand in
 * a table or on a box of the board.
 */

/** A time span in milliseconds: "<1 ms", "4.2 ms", "80 ms", "1.3 s", "2 min 5 s", "3 h 20 min". */
export function shownSpan(ms: number): string {
  if (ms < 1) return "<1 ms";
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 99.5) return `${ms.toFixed(0)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time of one message in milliseconds: from microseconds up; "–" when nothing is known. */
export function shownWait(ms: number | null): string {
  if (ms === null) return "–";
  return ms < 0.9995 ? `${Math.round(ms * 1000)} µs` : shownSpan(Math.max(1, ms));
}

/** A rate or a count: "0", "3.4", "86", "2.7k", "68k", "1.2M". */
export function shownCount(count: number): string {
  if (count === 0) return "0";
  if (count < 9.95) return count.toFixed(1).replace(/\.0$/, "");
  if (count < 999.5) return count.toFixed(0);
  if (count < 9950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_500) return `${(count / 1000).toFixed(0)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

const GROUPS = new Intl.NumberFormat("en");

/** A whole number with its groups: 12,345. */
export function grouped(count: number): string {
  return GROUPS.format(count);
}

/** Bytes: "812 B", "14 KB", "3.2 MB". */
export function shownBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 9950) return `${(bytes / 1000).toFixed(1)} KB`;
  if (bytes < 999_500) return `${(bytes / 1000).toFixed(0)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "a", "a and b", "a, b and c". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "1 task", "4 tasks". */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Milliseconds as seconds for the log: "12.345". */
export function shownTime(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** The first line of a text that may have many. */
export function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

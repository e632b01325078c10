/**
 * Boards, as `reattach boards` and `reattach ps` show them.
 */
import type { NetView } from "../../../src/net/gateway.js";
import type { BoardsObserver, SeenBoard } from "../net/observer.js";
import { shownDuration } from "../system/duration.js";
import { type Place, shownBroker } from "./boards-place.js";
import { printable } from "./printable.js";
import { grouped, table } from "./table.js";

/** Where there is nothing to show. */
const NONE = "-";

/** A board, for programs. */
export interface BoardRow {
  readonly board: string;
  /** "silent": its status says that it is here, but it has said nothing for too long. */
  readonly state: "here" | "silent" | "gone";
  /** Drawn anew at each boot. */
  readonly life: number;
  /** Its exported services that are there, and those that are not; null while it is gone. */
  readonly services: readonly string[] | null;
  readonly missing: readonly string[] | null;
  /** How old its status is; null where only the broker could tell, which it does not. */
  readonly heardAgo_ms: number | null;
}

/** Names of services, for a cell. */
function namesOf(services: readonly string[] | null): string {
  if (services === null || services.length === 0) return NONE;
  return services.map((name) => printable(name)).join(" ");
}

/** "1 board", "2 boards". */
function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A board that has said nothing for `silent_ms`; for `silentMax_ms` or longer it is silent. */
export function rowOf(
  board: string,
  { life, services, heard_ms }: SeenBoard,
  silent_ms: number,
  silentMax_ms: number,
): BoardRow {
  const named = (isThere: boolean): string[] | null =>
    services?.filter((service) => (service.life !== 0) === isThere).map(({ name }) => name) ?? null;
  const whenHere = silent_ms < silentMax_ms ? "here" : "silent";
  return {
    board,
    state: services === null ? "gone" : whenHere,
    life,
    services: named(true),
    missing: named(false),
    heardAgo_ms: heard_ms === null ? null : Math.round(silent_ms),
  };
}

/** All boards that are known, in the order of their names. */
export function rowsOf(observer: BoardsObserver, silentMax_ms: number): BoardRow[] {
  return Array.from(observer.boards)
    .map(([board, seen]) => rowOf(board, seen, observer.silent_ms(seen), silentMax_ms))
    .sort((a, b) => (a.board < b.board ? -1 : 1));
}

/** The table of boards, with a head. */
function boardTable(rows: readonly BoardRow[]): string {
  return table(
    [
      ["board", "state", "services", "not there", "heard"],
      ...rows.map(({ board, state, services, missing, heardAgo_ms }) => [
        board,
        state,
        namesOf(services),
        namesOf(missing),
        heardAgo_ms === null ? NONE : `${shownDuration(heardAgo_ms)} ago`,
      ]),
    ],
    ["left", "left", "left", "left", "left"],
  );
}

/** "here: counter, not there: valve" */
export function boardLine({ state, services, missing }: BoardRow): string {
  if (services === null || missing === null) return state;
  const there = services.length === 0 ? "no service" : namesOf(services);
  return `${state}: ${there}${missing.length === 0 ? "" : `, not there: ${namesOf(missing)}`}`;
}

/** "2 statuses are none, or of another version" */
export function malformedText(count: number): string {
  return count === 1
    ? "1 status is none, or of another version"
    : `${counted(count, "status", "statuses")} are none, or of another version`;
}

/** What is known, as text. */
export function boardsText(place: Place, rows: readonly BoardRow[], malformed: number): string {
  const where = `${shownBroker(place.broker)}, ${printable(place.prefix)}/+/status`;
  const gone = rows.filter(({ state }) => state === "gone").length;
  const sum =
    rows.length === 0
      ? "no boards, or none that this user may read"
      : `${counted(rows.length, "board")}${gone === 0 ? "" : `, ${gone} gone`}`;
  return [
    ...(rows.length === 0 ? [] : [boardTable(rows), ""]),
    `${where}: ${sum}`,
    ...(malformed === 0 ? [] : [malformedText(malformed)]),
    "",
  ].join("\n");
}

/** What a board sees of others, as lines. */
export function netText({ board, isBrokerThere, boards, refused, exports }: NetView): string {
  const others = boards.map((other) => [
    other.board,
    other.services === null ? "gone" : "here",
    namesOf(other.services),
  ]);
  const counts: readonly [count: number, text: string][] = [
    [refused.malformed, "malformed"],
    [refused.strange, "of another session"],
    [exports.refused, "for want of a place for the client"],
  ];
  const told = counts.flatMap(([count, text]) =>
    count === 0 ? [] : [`${grouped(count)} ${text}`],
  );
  return [
    ...(others.length === 0
      ? []
      : [table([["other board", "state", "services"], ...others], ["left", "left", "left"]), ""]),
    `board ${board}: the broker is ${isBrokerThere ? "there" : "gone"}` +
      (others.length === 0 ? ", no other board is known" : ""),
    ...(told.length === 0 ? [] : [`frames refused: ${told.join(", ")}`]),
  ].join("\n");
}

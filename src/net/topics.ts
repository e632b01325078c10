/**
 * Topics of MQTT. What comes to a board has the name of its sender in it, so that a broker's access
 * list can say who may send what: docs/boards.md.
 *
 *     <prefix>/<board>/status     what a board says of itself, retained
 *     <prefix>/<board>/in/<from>  a frame for a board
 */
import { isBoardName } from "../manifest/net-names.js";

/** Where a board says what it is, and its last will. */
export function statusTopic(prefix: string, board: string): string {
  return `${prefix}/${board}/status`;
}

/** Frames from one board to another one; "+" for those of all. */
export function frameTopic(prefix: string, board: string, from: string): string {
  return `${prefix}/${board}/in/${from}`;
}

/** As whom a board connects: one at a time. */
export function clientId(prefix: string, board: string): string {
  return `${prefix}-${board}`.split("/").join("-");
}

/** What a topic is about. */
export type Topic =
  | { readonly kind: "status"; readonly board: string }
  | { readonly kind: "frame"; readonly board: string; readonly from: string };

/** Reads a topic; null for one that is none of these. */
export function readTopic(prefix: string, topic: string): Topic | null {
  if (!topic.startsWith(`${prefix}/`)) return null;
  const [board, kind, from, ...rest] = topic.slice(prefix.length + 1).split("/");
  if (!isBoardName(board) || rest.length > 0) return null;
  if (kind === "status" && from === undefined) return { kind, board };
  return kind === "in" && isBoardName(from) ? { kind: "frame", board, from } : null;
}

/**
 * Paints the lanes of the timeline on a canvas: states as shares of each pixel, long waits with
 * their names, and marks for deaths, recoveries and orders.
 */
import type { WatchEvent } from "../../watch/protocol.js";
import { shownSpan } from "../model/format.js";
import type { Recording } from "../model/recording.js";
import { type Arrow, endsOf } from "../model/messages.js";
import { type Fill, STATE_NAMES, STATES } from "../model/states.js";
import { forEachColumn, longWaits, type Span, ticksOf } from "../model/timeline.js";
import { inkOf } from "../theme.js";

/** Below the lanes, for the axis. */
const AXIS_HEIGHT = 20;
const FONT = "11px system-ui, sans-serif";
const TILE = 6;
/** From the bottom of a lane upwards. */
const STACK = [
  "RUNNING",
  "REPLY",
  "SEND",
  "RECOVERING",
  "STARTING",
  "HUNG",
  "DEAD",
  "HELD",
  "STUCK",
  "PAUSED",
] as const;

/** Colours and patterns of one theme, read once. */
export interface Paints {
  readonly fills: ReadonlyMap<string, string | CanvasPattern>;
  readonly ink: (name: string) => string;
}

type Brush = CanvasRenderingContext2D;

function strokeTile(brush: Brush, fill: Fill): void {
  const lines: readonly (readonly [number, number, number, number])[] = {
    none: [],
    solid: [],
    diagonal: [
      [-TILE, TILE, 0, 0],
      [0, TILE, TILE, 0],
      [TILE, TILE, 2 * TILE, 0],
    ],
    crossed: [
      [0, 0, TILE, TILE],
      [TILE, 0, 0, TILE],
    ],
    upright: [[TILE / 2, 0, TILE / 2, TILE]],
    level: [[0, TILE / 2, TILE, TILE / 2]],
  }[fill] as readonly (readonly [number, number, number, number])[];
  brush.lineWidth = fill === "crossed" ? 0.8 : 2;
  brush.beginPath();
  for (const [x0, y0, x1, y1] of lines) {
    brush.moveTo(x0, y0);
    brush.lineTo(x1, y1);
  }
  brush.stroke();
}

function patternOf(brush: Brush, fill: Fill, ink: string, panel: string): string | CanvasPattern {
  if (fill === "none") return panel;
  if (fill === "solid") return ink;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE;
  const tileBrush = tile.getContext("2d")!;
  const isDark = fill === "crossed";
  tileBrush.fillStyle = isDark ? ink : panel;
  tileBrush.fillRect(0, 0, TILE, TILE);
  tileBrush.strokeStyle = isDark ? panel : ink;
  strokeTile(tileBrush, fill);
  return brush.createPattern(tile, "repeat")!;
}

/** Reads the colours of the theme that is on. */
export function readPaints(brush: Brush): Paints {
  const cache = new Map<string, string>();
  const ink = (name: string): string => {
    let colour = cache.get(name);
    if (colour === undefined) cache.set(name, (colour = inkOf(name)));
    return colour;
  };
  const fills = new Map(
    STATE_NAMES.map((state) => {
      const { fill, ink: name } = STATES[state];
      return [state as string, patternOf(brush, fill, ink(name), ink("panel"))];
    }),
  );
  return { fills, ink };
}

/** Height of a lane, by how many there are. */
export function laneHeight(count: number): number {
  return count > 8 ? 17 : 24;
}

/** Height of the whole picture. */
export function pictureHeight(count: number): number {
  return count * laneHeight(count) + AXIS_HEIGHT;
}

/** What is to be painted. */
export interface Picture {
  readonly brush: Brush;
  readonly paints: Paints;
  readonly recording: Recording;
  readonly names: readonly string[];
  readonly span: Span;
  readonly width: number;
  /** Where the moment is that the page shows. */
  readonly at_ms: number;
  readonly arrows: readonly Arrow[];
  /** The id of the message that was picked; "" for none. */
  readonly picked: string;
}

function paintLane(
  { brush, paints, recording, span, width }: Picture,
  name: string,
  top: number,
  tall: number,
): void {
  const lane = recording.lanes.get(name);
  if (lane === undefined) return;
  const scale = width / (span.to_ms - span.from_ms);
  const x = (ms: number): number => (ms - span.from_ms) * scale;
  const begin = Math.max(0, x(lane.begin_ms));
  brush.fillStyle = paints.ink("sunk");
  brush.fillRect(begin, top, Math.max(0, Math.min(width, x(lane.end_ms)) - begin), tall);
  const codes = STACK.map((state) => [state, STATE_NAMES.indexOf(state)] as const);
  const isMain = name === "main";
  forEachColumn(lane, span, width, (pixel, shares) => {
    let bottom = top + tall;
    for (const [state, code] of codes) {
      const part = (shares[code] ?? 0) * tall;
      // The main VM runs all the time: that says nothing.
      if (part === 0 || (isMain && state === "RUNNING")) continue;
      brush.fillStyle = paints.fills.get(state)!;
      brush.fillRect(pixel, bottom - part, 1, part);
      bottom -= part;
    }
  });
  for (const { from_ms, to_ms, state, peer } of longWaits(lane, span)) {
    const [left, right] = [Math.max(0, x(from_ms)), Math.min(width, x(to_ms))];
    const time = shownSpan(to_ms - from_ms);
    const who = peer === "" ? "" : `${peer} `;
    const text = [`${state} ${who}${time}`, `${who}${time}`, time].find(
      (words) => brush.measureText(words).width + 12 < right - left,
    );
    if (text === undefined) continue;
    brush.fillStyle = paints.ink("panel");
    brush.fillRect(left + 2, top + 2, brush.measureText(text).width + 8, tall - 4);
    brush.fillStyle = paints.ink("ink");
    brush.fillText(text, left + 6, top + tall / 2 + 0.5);
  }
}

function cross(brush: Brush, x: number, y: number, size: number, thickness: number): void {
  brush.lineWidth = thickness;
  brush.beginPath();
  brush.moveTo(x - size, y - size);
  brush.lineTo(x + size, y + size);
  brush.moveTo(x + size, y - size);
  brush.lineTo(x - size, y + size);
  brush.stroke();
}

function dot(brush: Brush, x: number, y: number, radius: number, colour: string): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  brush.fill();
}

function paintMark(
  { brush, paints }: Picture,
  event: WatchEvent,
  x: number,
  top: number,
  tall: number,
): void {
  if (event.what === "death") {
    brush.strokeStyle = paints.ink("panel");
    cross(brush, x, top + 6, 5, 4.5);
    brush.fillStyle = brush.strokeStyle = paints.ink("dead");
    brush.fillRect(x - 0.75, top, 1.5, tall);
    cross(brush, x, top + 6, 4, 2);
  } else if (event.what === "recovered") {
    dot(brush, x, top + tall - 4, 4.2, paints.ink("panel"));
    dot(brush, x, top + tall - 4, 3, paints.ink("well-ink"));
  } else if (event.what === "order") {
    brush.fillStyle = paints.ink("ink");
    brush.beginPath();
    brush.moveTo(x - 4, top - 1);
    brush.lineTo(x + 4, top - 1);
    brush.lineTo(x, top + 6);
    brush.fill();
  }
}

/** Its tip, at the end of a line. */
function paintTip(brush: Brush, ends: readonly [number, number, number, number]): void {
  const [x0, y0, x1, y1] = ends;
  const turn = Math.atan2(y1 - y0, x1 - x0);
  brush.beginPath();
  brush.moveTo(x1, y1);
  for (const side of [-0.45, 0.45]) {
    brush.lineTo(x1 - 6 * Math.cos(turn + side), y1 - 6 * Math.sin(turn + side));
  }
  brush.fill();
}

/** Each on a ground of its own, so that it is seen on every state. */
function paintArrow(picture: Picture, arrow: Arrow): void {
  const { brush, paints, picked, names } = picture;
  const { message, kind } = arrow;
  const ends = endsOf(arrow, { ...picture, height: laneHeight(names.length) });
  const isPicked = message.id === picked;
  const isBad = message.outcome === "failed" || message.outcome === "died";
  const ink = paints.ink(isPicked ? "focus" : isBad ? "dead-ink" : "ink");
  const thickness = (kind === "handling" ? 4 : 1.2) + (isPicked ? 1.4 : 0);
  for (const [colour, extra] of [
    [paints.ink("panel"), 2.4],
    [ink, 0],
  ] as const) {
    brush.strokeStyle = colour;
    brush.lineWidth = thickness + extra;
    // An answer is dashed, as on no other line of the picture.
    brush.setLineDash(kind === "reply" && extra === 0 ? [5, 3] : []);
    brush.beginPath();
    brush.moveTo(ends[0], ends[1]);
    brush.lineTo(ends[2], ends[3]);
    brush.stroke();
  }
  brush.setLineDash([]);
  brush.fillStyle = ink;
  if (kind !== "handling") paintTip(brush, ends);
}

function paintArrows(picture: Picture): void {
  const { arrows, picked } = picture;
  const isPicked = ({ message }: Arrow): boolean => message.id === picked;
  // What was picked is on top.
  for (const arrow of arrows) if (!isPicked(arrow)) paintArrow(picture, arrow);
  for (const arrow of arrows) if (isPicked(arrow)) paintArrow(picture, arrow);
}

function paintAxis({ brush, paints, span, width, at_ms }: Picture, bottom: number): void {
  const scale = width / (span.to_ms - span.from_ms);
  brush.fillStyle = paints.ink("soft");
  for (const { ms, label } of ticksOf(span, width)) {
    const x = (ms - span.from_ms) * scale;
    brush.fillRect(x, bottom, 1, 4);
    const half = brush.measureText(label).width / 2;
    const left = Math.max(0, Math.min(width - 2 * half, x - half));
    brush.fillText(label, left, bottom + 12);
  }
  brush.fillStyle = paints.ink("ink");
  const x = Math.min(width - 1, (at_ms - span.from_ms) * scale);
  brush.fillRect(x, 0, 1, bottom + 4);
}

/** Paints everything. The canvas has been cleared. */
export function paintTimeline(picture: Picture): void {
  const { brush, paints, recording, names, span, width } = picture;
  const height = laneHeight(names.length);
  brush.font = FONT;
  brush.textBaseline = "middle";
  names.forEach((name, row) => {
    paintLane(picture, name, row * height + 2, height - 4);
    brush.fillStyle = paints.ink("line");
    brush.fillRect(0, (row + 1) * height - 0.5, width, 0.5);
  });
  for (const event of recording.events) {
    if (event.ms < span.from_ms || event.ms > span.to_ms || !("task" in event)) continue;
    const row = names.indexOf(event.task);
    if (row < 0) continue;
    const x = ((event.ms - span.from_ms) / (span.to_ms - span.from_ms)) * width;
    paintMark(picture, event, x, row * height + 2, height - 4);
  }
  paintArrows(picture);
  paintAxis(picture, names.length * height);
}

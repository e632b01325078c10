/**
 * Where the boxes and wires of the board lie: in layers, clients before the servers that they ask.
 *
 * A pure function of the names and wires, so nothing moves while those stay as they are. Wide
 * boards go from left to right; narrow ones, as on a phone, from top to bottom, with wide layers
 * broken into lines. What is in one layer is ordered by its neighbours, which leaves few crossings
 * (Sugiyama's method; a ring is cut where a walk closes it).
 */

/** Who sends to whom. */
export interface Wire {
  readonly from: string;
  readonly to: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a wire runs: an SVG path, and where its label stands. */
export interface Route {
  readonly wire: Wire;
  readonly path: string;
  readonly label: readonly [x: number, y: number];
}

export interface BoardLayout {
  readonly width: number;
  readonly height: number;
  /** From top to bottom. */
  readonly isTall: boolean;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly routes: readonly Route[];
}

/** Below this width, in pixels, a board goes from top to bottom. */
const TALL_BELOW = 560;
const BOX_HEIGHT = 60;
/** From one box to the next below it: room for a note of one line. */
const PITCH = 80;
const BOX_WIDTH_MAX = 148;
/** The smallest box that holds a state and a short name. */
const BOX_WIDTH_MIN = 104;
/** Between two layers side by side, for the wires. */
const GAP_MIN = 34;
/** Between two lines one below the other: a note, and a bend of the wires. */
const LINE_GAP = 38;
const MARGIN = 4;
/** Sweeps of the ordering. It has settled by then on boards of 60 wires. */
const SWEEPS = 8;

/** Names that identify a wire. */
export function wireKey({ from, to }: Wire): string {
  return `${from}\n${to}`;
}

/** Longest way to a server that asks nobody. A wire that closes a ring does not count. */
function depthsOf(names: readonly string[], wires: readonly Wire[]): Map<string, number> {
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const visit = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    open.add(name);
    let depth = 0;
    for (const { from, to } of wires) {
      if (from === name && !open.has(to)) depth = Math.max(depth, 1 + visit(to));
    }
    open.delete(name);
    depths.set(name, depth);
    return depth;
  };
  for (const name of names) visit(name);
  return depths;
}

/** The layers, clients first, each ordered by where the neighbours of its members are. */
function layersOf(names: readonly string[], wires: readonly Wire[]): string[][] {
  const depths = depthsOf(names, wires);
  const layers: string[][] = [];
  for (const name of names) (layers[depths.get(name) ?? 0] ??= []).push(name);
  layers.reverse();
  const neighbours = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const { from, to } of wires) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const orders = new Map<string, number>();
  const note = (layer: readonly string[]): void =>
    layer.forEach((name, index) => orders.set(name, (index + 0.5) / layer.length));
  for (const layer of layers) note(layer);
  const middleOf = (name: string): number => {
    const near = neighbours.get(name) ?? [];
    if (near.length === 0) return orders.get(name) ?? 0.5;
    return near.reduce((sum, other) => sum + (orders.get(other) ?? 0.5), 0) / near.length;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // There and back: what the servers say reaches the clients too.
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const middles = new Map(layer.map((name) => [name, middleOf(name)]));
      layer.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
      note(layer);
    }
  }
  return layers;
}

/** Boxes side by side, a column a layer. */
function placeWide(layers: readonly (readonly string[])[], width: number) {
  const boxes = new Map<string, Box>();
  const most = Math.max(1, ...layers.map((layer) => layer.length));
  const height = Math.max(150, most * PITCH + 2 * MARGIN);
  const room = (width - 2 * MARGIN - GAP_MIN * (layers.length - 1)) / layers.length;
  const boxWidth = Math.min(BOX_WIDTH_MAX, room);
  const step = layers.length > 1 ? (width - 2 * MARGIN - boxWidth) / (layers.length - 1) : 0;
  layers.forEach((layer, column) =>
    layer.forEach((name, row) =>
      boxes.set(name, {
        x: MARGIN + column * step,
        y: (height / layer.length) * (row + 0.5) - BOX_HEIGHT / 2 - 6,
        width: boxWidth,
        height: BOX_HEIGHT,
      }),
    ),
  );
  return { boxes, height };
}

/** Boxes below each other, as many lines a layer as it needs. */
function placeTall(layers: readonly (readonly string[])[], width: number) {
  const boxes = new Map<string, Box>();
  const each = Math.max(1, Math.floor((width - MARGIN) / (BOX_WIDTH_MIN + MARGIN)));
  const lines = layers.flatMap((layer) => {
    const count = Math.ceil(layer.length / each);
    const perLine = Math.ceil(layer.length / Math.max(1, count));
    return Array.from({ length: count }, (_, i) => layer.slice(i * perLine, (i + 1) * perLine));
  });
  lines.forEach((line, row) => {
    const room = width / line.length;
    const boxWidth = Math.min(BOX_WIDTH_MAX, room - 2 * MARGIN);
    line.forEach((name, column) =>
      boxes.set(name, {
        x: room * (column + 0.5) - boxWidth / 2,
        y: MARGIN + row * (BOX_HEIGHT + LINE_GAP),
        width: boxWidth,
        height: BOX_HEIGHT,
      }),
    );
  });
  return { boxes, height: lines.length * (BOX_HEIGHT + LINE_GAP) };
}

/** Where a wire leaves or enters a box, as a share of its side: in the order of the other ends. */
function portOf(
  wires: readonly Wire[],
  wire: Wire,
  end: "from" | "to",
  middle: (name: string) => number,
): number {
  const other = end === "from" ? "to" : "from";
  const same = wires
    .filter((candidate) => candidate[end] === wire[end])
    .sort((a, b) => middle(a[other]) - middle(b[other]));
  return (same.indexOf(wire) + 1) / (same.length + 1);
}

type Ends = { from: Box; to: Box; out: number; into: number };
type Drawn = Pick<Route, "path" | "label">;

function curve(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  dx: number,
  dy: number,
): string {
  const numbers = [x0, y0, x0 + dx, y0 + dy, x1 - dx, y1 - dy, x1, y1];
  const [startX, startY, ...others] = numbers.map((number) => number.toFixed(1));
  return `M${startX},${startY} C${others.join(" ")}`;
}

function drawTall({ from, to, out, into }: Ends): Drawn {
  const isDown = to.y > from.y;
  const start = [from.x + from.width * out, isDown ? from.y + from.height : from.y] as const;
  const end = [to.x + to.width * into, isDown ? to.y : to.y + to.height] as const;
  const bend = (isDown ? 1 : -1) * Math.max(14, Math.abs(end[1] - start[1]) / 2);
  const label = [end[0], end[1] + (isDown ? -9 : 17)] as const;
  return { path: curve(start, end, 0, bend), label };
}

/** Two boxes of one column: a bow beside them. */
function drawBow({ from, to }: Ends, isRight: boolean): Drawn {
  const x = isRight ? from.x + from.width : from.x;
  const bow = isRight ? 34 : -34;
  const start = [x, from.y + from.height * 0.62] as const;
  const end = [x, to.y + to.height * 0.38] as const;
  const points = [x + bow, start[1], x + bow, end[1]].map((n) => n.toFixed(1));
  const [ax, ay, bx, by] = points;
  return {
    path:
      `M${x.toFixed(1)},${start[1].toFixed(1)} ` +
      `C${ax},${ay} ${bx},${by} ${x.toFixed(1)},${end[1].toFixed(1)}`,
    label: [x + bow / 2, (start[1] + end[1]) / 2 + 4],
  };
}

/**
 * Where a wire that leaves a box sideways has come so far from it. A long one passes behind other
 * boxes: its label stands before the first of them.
 */
function pointOn(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  bend: number,
  far: number,
): readonly [number, number] {
  const length = Math.abs(x1 - x0);
  const direction = Math.sign(x1 - x0);
  for (let t = 0; t < 1; t += 0.02) {
    const u = 1 - t;
    const along = 3 * u * u * t * bend + 3 * u * t * t * (length - bend) + t * t * t * length;
    const y = y0 + (y1 - y0) * (3 * u * t * t + t * t * t);
    if (along >= far) return [x0 + direction * along, y + 4];
  }
  return [x1, y1 + 4];
}

function drawWide(ends: Ends, boardWidth: number, gap: number): Drawn {
  const { from, to, out, into } = ends;
  if (Math.abs(to.x - from.x) < 1) return drawBow(ends, from.x + from.width + 40 < boardWidth);
  const isRight = to.x > from.x;
  const start = [isRight ? from.x + from.width : from.x, from.y + from.height * out] as const;
  const end = [isRight ? to.x : to.x + to.width, to.y + to.height * into] as const;
  const bend = Math.min(70, Math.max(26, Math.abs(end[0] - start[0]) / 2));
  const label = pointOn(start, end, bend, Math.min(gap, Math.abs(end[0] - start[0])) / 2);
  return { path: curve(start, end, isRight ? bend : -bend, 0), label };
}

/**
 * Lays out a board of `width` pixels. Wires to or from somebody who is not in `names` are left out,
 * and so is a second wire between the same two.
 */
export function layOut(
  names: readonly string[],
  allWires: readonly Wire[],
  width: number,
): BoardLayout {
  const known = new Set(names);
  const wires = [...new Map(allWires.map((wire) => [wireKey(wire), wire])).values()].filter(
    ({ from, to }) => known.has(from) && known.has(to) && from !== to,
  );
  const layers = layersOf(names, wires);
  const room = (width - 2 * MARGIN - GAP_MIN * (layers.length - 1)) / Math.max(1, layers.length);
  const isTall = width < TALL_BELOW || room < BOX_WIDTH_MIN * 0.75;
  const { boxes, height } = isTall ? placeTall(layers, width) : placeWide(layers, width);
  const [first] = boxes.values();
  const step =
    layers.length > 1 ? (width - 2 * MARGIN - (first?.width ?? 0)) / (layers.length - 1) : 0;
  const gap = step - (first?.width ?? 0);
  const middle = (name: string): number => {
    const { x, y } = boxes.get(name) ?? { x: 0, y: 0 };
    return isTall ? x : y;
  };
  const routes = wires.flatMap((wire) => {
    const [from, to] = [boxes.get(wire.from), boxes.get(wire.to)];
    if (from === undefined || to === undefined) return [];
    const out = portOf(wires, wire, "from", middle);
    const ends = { from, to, out, into: portOf(wires, wire, "to", middle) };
    return [{ wire, ...(isTall ? drawTall(ends) : drawWide(ends, width, gap)) }];
  });
  return { width, height, isTall, boxes, routes };
}

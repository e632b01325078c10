/**
 * The board: who talks to whom, who waits for whom, where it broke.
 */
import { computed, signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type BoardLayout, layOut, type Route, wireKey } from "../model/board-layout.js";
import { counted, shownCount, shownSpan } from "../model/format.js";
import { GLOW_MS, isBlocked, type Moment, stateWords, type TaskMoment } from "../model/moment.js";
import { LEGEND, STATES } from "../model/states.js";
import { moment, selected, toggle, troubles } from "../store.js";

/** With more wires than this only those of the selected task are drawn, and those that wait. */
const WIRES_MAX = 40;
/** With no more than this each says its rate. */
const LABELLED_MAX = 10;
/** How long the frame of a task that has just died flashes: as in board.css. */
const FLASH_MS = 900;
/** What a letter of a state, and of a name, takes at most, in pixels. */
const LETTER_WIDTH = 6.8;
const NAME_LETTER_WIDTH = 7.8;
/** What a box has for its edges. */
const EDGES_WIDTH = 24;

const width = signal(640);

/** Everybody but a main VM that nobody is connected with. */
const names = computed(() => {
  const at = moment.value;
  if (at === null) return "";
  const isWired = at.wires.some(({ from, to }) => from === "main" || to === "main");
  const shown = at.tasks.filter(({ name }) => name !== "main" || isWired);
  return shown.map(({ name }) => name).join("\n");
});
const wires = computed(() => (moment.value?.wires ?? []).map(wireKey).join("\n\n"));

/** Laid out anew only when a task or a connection is new, or the panel has another width. */
const layout = computed<BoardLayout>(() => {
  const list = wires.value === "" ? [] : wires.value.split("\n\n");
  const pairs = list.map((key) => {
    const [from = "", to = ""] = key.split("\n");
    return { from, to };
  });
  return layOut(names.value === "" ? [] : names.value.split("\n"), pairs, width.value);
});

const ring = computed(() => troubles.value.find((one) => one.ring.length > 0)?.ring ?? []);
const silent = computed(() =>
  troubles.value.filter(({ rank }) => rank === 1).map(({ task }) => task),
);

/** What has just happened to a task. */
function noteOf({ last, hasJustRecovered }: TaskMoment, ms: number) {
  if (last !== null && ms - last.ms < GLOW_MS) {
    const { cause, back_ms } = last;
    const isBack = back_ms !== null && back_ms <= ms;
    const text = isBack
      ? `✕ ${cause}, back in ${shownSpan(back_ms - last.ms)}`
      : `✕ ${cause} ${shownSpan(ms - last.ms)} ago`;
    return { kind: "dead", text };
  }
  return hasJustRecovered ? { kind: "well", text: "↻ recovered" } : { kind: "", text: "" };
}

/** How a long name is made narrower, so that a box of this width has room for it. */
function squeezed(name: string, boxWidth: number) {
  const room = boxWidth - EDGES_WIDTH;
  if (name.length * NAME_LETTER_WIDTH <= room) return {};
  return { textLength: room, lengthAdjust: "spacingAndGlyphs" } as const;
}

/** Priority, "inherited/own" where it has inherited another one, and generation. */
function livesOf({ row, spec, name }: TaskMoment, word: string): string {
  if (name === "main") return "supervises";
  const own = spec !== null && spec.priority !== row.priority ? `/${spec.priority}` : "";
  return `${word}${row.priority}${own} · gen ${row.generation}`;
}

/**
 * One box. Its texts end with a space, which is not drawn: so they are words of their own to those
 * who hear them.
 */
function Node({ task, ms }: { task: TaskMoment; ms: number }) {
  const box = layout.value.boxes.get(task.name);
  if (box === undefined) return null;
  const { name, shown, last } = task;
  const isBad = ring.value.includes(name) || silent.value.includes(name);
  const glyph = ring.value.includes(name) ? "⟲" : STATES[shown].glyph;
  const isSilent = silent.value.includes(name) && shown !== "HUNG";
  const words = isSilent ? "no answer" : stateWords(task, shownSpan);
  const fits = (text: string): boolean => text.length * LETTER_WIDTH + EDGES_WIDTH <= box.width;
  // How long it has waited stands beside the wire too, and the wire leads to whom it waits for.
  const shorter = [words, words.replace(/ [\d.]+ (m?s|min.*)$/, "")];
  const short = shorter.find((text) => fits(`▷ ${text}`)) ?? words.replace(/ .*$/, "");
  const note = noteOf(task, ms);
  const state = `${isSilent ? "▲" : glyph} ${short}`;
  const full = livesOf(task, "prio ");
  const lives = fits(full) ? full : livesOf(task, "p");
  const isAtEdge = box.x + box.width + 30 > layout.value.width;
  return (
    <g
      class="node"
      transform={`translate(${box.x.toFixed(1)},${box.y.toFixed(1)})`}
      tabIndex={0}
      role="button"
      data-task={name}
      data-ink={STATES[shown].ink}
      data-bad={isBad || undefined}
      aria-pressed={selected.value === name}
      aria-label={[name, state, lives, note.text].join(" ").trimEnd()}
      onClick={() => toggle(name)}
      onKeyDown={(event) => moveOnBoard(event, name)}
    >
      <rect class="box" width={box.width} height={box.height} rx={4} />
      <rect class="bar" width={5} height={box.height} rx={2} />
      <svg width={box.width - 6} height={box.height}>
        <text class="name" x={12} y={18} {...squeezed(name, box.width)}>
          {name}{" "}
        </text>
        <text class="what" x={12} y={35}>
          {state}{" "}
        </text>
        <text class="small" x={12} y={52}>
          {lives}{" "}
        </text>
      </svg>
      <text
        class="note"
        data-ink={note.kind}
        x={isAtEdge ? box.width - 2 : 2}
        y={box.height + 12}
        text-anchor={isAtEdge ? "end" : "start"}
      >
        {note.text}{" "}
      </text>
      {last !== null && ms - last.ms < FLASH_MS ? (
        <rect key={last.ms} class="flash" width={box.width} height={box.height} rx={4} />
      ) : null}
    </g>
  );
}

/** Enter selects; arrows go to the next box in that direction. */
function moveOnBoard(event: KeyboardEvent, name: string): void {
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const step = steps[event.key];
  if (event.key === "Enter" || event.key === " ") toggle(name);
  else if (step === undefined) return;
  else focusNext(event.currentTarget as SVGElement, name, step);
  event.preventDefault();
  event.stopPropagation();
}

function focusNext(from: SVGElement, name: string, [dx, dy]: readonly [number, number]): void {
  const { boxes } = layout.peek();
  const here = boxes.get(name);
  if (here === undefined) return;
  const candidates = [...boxes].flatMap(([other, box]) => {
    const along = (box.x - here.x) * dx + (box.y - here.y) * dy;
    const across = Math.abs((box.x - here.x) * dy) + Math.abs((box.y - here.y) * dx);
    return along > 1 ? [{ other, far: along + 2 * across }] : [];
  });
  candidates.sort((a, b) => a.far - b.far);
  const [next] = candidates;
  const node = from.parentElement?.querySelector<SVGElement>(
    `[data-task="${CSS.escape(next?.other ?? "")}"]`,
  );
  node?.focus();
}

/** How a wire looks at a moment. */
function lookOf({ wire }: Route, at: Moment) {
  const { from, to } = wire;
  const client = at.byName.get(from);
  const rate = at.rates.get(wireKey(wire)) ?? null;
  const isWait = client !== undefined && client.peer === to && isBlocked(client);
  const isRing = isWait && ring.value.includes(from) && ring.value.includes(to);
  const isHealing = client?.state === "RECOVERING" && client.peer === to;
  const isNear = selected.value === from || selected.value === to;
  const kind = isRing ? "ring" : isHealing ? "heal" : isWait ? client.state.toLowerCase() : "";
  const plain = rate === null || rate <= 0 ? 1 : Math.min(4, 1 + Math.log10(1 + rate) * 0.6);
  let label = "";
  if (isWait && !(isRing && from > to)) label = shownSpan(client.for_ms);
  else if (kind === "" && rate !== null && (at.wires.length <= LABELLED_MAX || isNear)) {
    label = `${shownCount(rate)}/s`;
  }
  return {
    kind,
    isNear,
    isDim: selected.value !== null && !isNear && kind === "",
    thickness: kind === "" ? plain : 2.5,
    label,
  };
}

/** The wires that are drawn, with their looks. */
function drawnWires(at: Moment) {
  return layout.value.routes
    .map((route) => ({ route, look: lookOf(route, at) }))
    .filter(({ look }) => at.wires.length <= WIRES_MAX || look.isNear || look.kind !== "");
}

type DrawnWires = ReturnType<typeof drawnWires>;

function Wires({ drawn }: { drawn: DrawnWires }) {
  return (
    <g>
      {drawn.map(({ route, look }) => (
        <path
          key={wireKey(route.wire)}
          class="wire"
          d={route.path}
          marker-end="url(#arrow)"
          style={{ strokeWidth: `${look.thickness.toFixed(1)}px` }}
          data-kind={look.kind}
          data-near={look.isNear || undefined}
          data-dim={look.isDim || undefined}
        />
      ))}
    </g>
  );
}

/** Above the boxes: a long wire passes behind some. */
function Labels({ drawn }: { drawn: DrawnWires }) {
  return (
    <g>
      {drawn.map(({ route, look }) =>
        look.label === "" || look.isDim ? null : (
          <text
            key={wireKey(route.wire)}
            class="tag"
            x={route.label[0]}
            y={route.label[1]}
            text-anchor="middle"
            data-kind={look.kind}
          >
            {look.label}
          </text>
        ),
      )}
    </g>
  );
}

function Picture({ at }: { at: Moment }) {
  const drawn = drawnWires(at);
  return (
    <>
      <Wires drawn={drawn} />
      <g>
        {at.tasks.map((task) => (
          <Node key={task.name} task={task} ms={at.ms} />
        ))}
      </g>
      <Labels drawn={drawn} />
    </>
  );
}

/** The head of a wire, in its colour. */
function Arrow() {
  return (
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 8 8"
        refX={7}
        refY={4}
        markerWidth={7}
        markerHeight={7}
        orient="auto-start-reverse"
        markerUnits="userSpaceOnUse"
      >
        <path d="M0,0 L8,4 L0,8 z" />
      </marker>
    </defs>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="States">
      {LEGEND.map((state) => (
        <li key={state} title={STATES[state].says}>
          <span class={`glyph ink-${STATES[state].ink}`} aria-hidden="true">
            {STATES[state].glyph}
          </span>
          {state}
        </li>
      ))}
    </ul>
  );
}

export function BoardPanel() {
  const canvas = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      if (entry !== undefined) width.value = Math.max(300, Math.round(entry.contentRect.width));
    });
    watcher.observe(canvas.current!);
    return () => watcher.disconnect();
  }, []);
  const at = moment.value;
  const { height, isTall, width: wide } = layout.value;
  const all = at?.wires.length ?? 0;
  const hidden =
    all > WIRES_MAX
      ? `; ${counted(all, "connection")}: those of the selected task, and those that wait`
      : "";
  return (
    <section class="panel" id="board" aria-labelledby="h-board">
      <div class="head">
        <h2 id="h-board">Board</h2>
        <span class="hint">
          {isTall ? "clients above servers" : "clients left of servers"}
          {hidden}
        </span>
        <Legend />
      </div>
      <div class="canvas" ref={canvas}>
        <svg
          viewBox={`0 0 ${wide} ${height}`}
          height={height}
          role="group"
          aria-label="Tasks and their connections"
        >
          <Arrow />
          {at === null ? null : <Picture at={at} />}
        </svg>
      </div>
    </section>
  );
}

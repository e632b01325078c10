/**
 * The timeline: what happened in the last minute, in which order.
 */
import { computed, signal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import {
  type Arrow,
  arrowsOf,
  callWords,
  isWhole,
  messageAt,
  outcomeWords,
} from "../model/messages.js";
import { STATES } from "../model/states.js";
import { shownMoment, type Span, spanOf } from "../model/timeline.js";
import { SPAN_MAX_MS } from "../model/recording.js";
import {
  freeze,
  frozen_ms,
  messages,
  moment,
  moveBy,
  now_ms,
  picked,
  picturesDue,
  recording,
  selected,
  setSpan,
  shown_ms,
  toggle,
  view,
  zoom,
} from "../store.js";
import { colours } from "../theme.js";
import { MessagesBelow } from "./messages.js";
import {
  laneHeight,
  type Paints,
  paintTimeline,
  pictureHeight,
  readPaints,
} from "./timeline-paint.js";

const SPANS: readonly (readonly [ms: number, words: string])[] = [
  [60_000, "60 s"],
  [20_000, "20 s"],
  [5000, "5 s"],
  [1000, "1 s"],
  [100, "0.1 s"],
];
const MARKS = "✕ death · ● recovered · ▾ ordered";
/** A pointer that moves less has clicked. */
const CLICK_PX = 3;

const width = signal(600);
/** What is under the pointer, in words. */
const readout = signal(MARKS);

/** As on the board: the main VM only when somebody is connected with it. */
const laneNames = computed(() => {
  const at = moment.value;
  if (at === null) return "";
  const isWired = at.wires.some(({ from, to }) => from === "main" || to === "main");
  return at.tasks
    .map(({ name }) => name)
    .filter((name) => name !== "main" || isWired)
    .join("\n");
});

/** What is drawn between the lanes: only when no message of the span is missing. */
const arrows = computed<readonly Arrow[]>(() => {
  const found = messages.value;
  if (found === null || !isWhole(found)) return [];
  return arrowsOf(found.messages, laneNames.value.split("\n"));
});

function currentSpan(): Span {
  return spanOf(view.peek(), now_ms());
}

/** The message whose arrow is at this point of the picture. */
function messageUnder(x: number, y: number) {
  const height = laneHeight(laneNames.peek().split("\n").length);
  return messageAt(arrows.peek(), { span: currentSpan(), width: width.peek(), height }, x, y);
}

function describe(x: number, y: number): string {
  const names = laneNames.peek().split("\n");
  const span = currentSpan();
  const { from_ms, to_ms } = span;
  const ms = from_ms + (x / width.peek()) * (to_ms - from_ms);
  const time = shownMoment(ms, span);
  const message = messageUnder(x, y);
  if (message !== null) {
    const { client, server } = message;
    return `${time}  ${client} → ${server} ${callWords(message)}: ${outcomeWords(message)}`;
  }
  const name = names[Math.floor(y / laneHeight(names.length))];
  const lane = name === undefined ? undefined : recording.peek()?.lanes.get(name);
  if (lane === undefined || ms > lane.end_ms || ms < lane.begin_ms) return time;
  const segment = lane.at(ms);
  if (segment === null) return time;
  const { glyph } = STATES[segment.state];
  return `${time}  ${name} ${glyph} ${segment.state} ${segment.peer}`.trimEnd();
}

interface Drag {
  x: number;
  isMoved: boolean;
}

/** Pointer, wheel and keys of the canvas. */
function usePointer(canvas: { readonly current: HTMLCanvasElement | null }): void {
  useEffect(() => {
    const target = canvas.current!;
    let drag: Drag | null = null;
    const perPixel = (): number => view.peek().span_ms / width.peek();
    const leave = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ): void => target.addEventListener(type, listener, { signal: leave.signal, passive: false });
    on("wheel", (event) => {
      if (event.ctrlKey) zoom(event.deltaY > 0 ? 1.25 : 0.8, event.offsetX / width.peek());
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        moveBy((event.deltaX || event.deltaY) * perPixel());
      } else return;
      event.preventDefault();
    });
    on("pointerdown", ({ clientX }) => (drag = { x: clientX, isMoved: false }));
    on("pointermove", ({ clientX, offsetX, offsetY }) => {
      readout.value = describe(offsetX, offsetY);
      if (drag === null || (!drag.isMoved && Math.abs(clientX - drag.x) <= CLICK_PX)) return;
      moveBy((drag.x - clientX) * perPixel());
      drag = { x: clientX, isMoved: true };
    });
    on("pointerup", ({ offsetX, offsetY }) => {
      const { from_ms, to_ms } = currentSpan();
      const ms = from_ms + (offsetX / width.peek()) * (to_ms - from_ms);
      if (drag !== null && !drag.isMoved) {
        const message = messageUnder(offsetX, offsetY);
        if (message !== null) picked.value = message;
        freeze(Math.max(0, Math.min(now_ms(), ms)));
      }
      drag = null;
    });
    on("pointerleave", () => {
      drag = null;
      readout.value = MARKS;
    });
    return () => leave.abort();
  }, []);
}

function onKey(event: KeyboardEvent): void {
  const step = view.peek().span_ms / 8;
  if (event.key === "ArrowLeft") moveBy(-step);
  else if (event.key === "ArrowRight") moveBy(step);
  else if (event.key === "+" || event.key === "=") zoom(0.5);
  else if (event.key === "-") zoom(2);
  else if (event.key === "0") view.value = { span_ms: SPAN_MAX_MS, end_ms: null };
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function Lanes() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paints = useRef<{ colours: number; paints: Paints } | null>(null);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      if (entry !== undefined) width.value = Math.max(100, Math.round(entry.contentRect.width));
    });
    watcher.observe(canvas.current!.parentElement!);
    return () => watcher.disconnect();
  }, []);
  usePointer(canvas);
  useSignalEffect(() => {
    void picturesDue.value;
    void frozen_ms.value;
    const seen = recording.value;
    const brush = canvas.current?.getContext("2d") ?? null;
    const names = laneNames.value.split("\n");
    if (seen === null || brush === null) return;
    if (paints.current?.colours !== colours.value) {
      paints.current = { colours: colours.value, paints: readPaints(brush) };
    }
    const height = pictureHeight(names.length);
    fit(canvas.current!, brush, width.value, height);
    paintTimeline({
      brush,
      paints: paints.current.paints,
      recording: seen,
      names,
      span: spanOf(view.value, now_ms()),
      width: width.value,
      at_ms: shown_ms(),
      arrows: arrows.value,
      picked: picked.value?.id ?? "",
    });
  });
  return (
    <canvas
      ref={canvas}
      id="lanes"
      tabIndex={0}
      role="img"
      aria-label={
        `Timeline of ${view.value.span_ms / 1000} s; its events are in the log, ` +
        "and its messages in the list below where it is close or stands still"
      }
      onKeyDown={onKey}
    />
  );
}

/** Gives a canvas its size in device pixels, and clears it. */
function fit(
  canvas: HTMLCanvasElement,
  brush: CanvasRenderingContext2D,
  wide: number,
  high: number,
): void {
  const ratio = devicePixelRatio;
  const [x, y] = [Math.round(wide * ratio), Math.round(high * ratio)];
  if (canvas.width !== x || canvas.height !== y) {
    canvas.width = x;
    canvas.height = y;
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
  }
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.clearRect(0, 0, wide, high);
}

function Tools() {
  const { span_ms, end_ms } = view.value;
  return (
    <div class="tools" role="group" aria-label="Zoom">
      {SPANS.map(([ms, words]) => (
        <button key={ms} type="button" aria-pressed={span_ms === ms} onClick={() => setSpan(ms)}>
          {words}
        </button>
      ))}
      <button type="button" aria-label="Closer" onClick={() => zoom(0.5)}>
        +
      </button>
      <button type="button" aria-label="Farther" onClick={() => zoom(2)}>
        −
      </button>
      <button
        type="button"
        aria-pressed={end_ms === null}
        onClick={() => freeze(end_ms === null ? now_ms() : null)}
      >
        Follow
      </button>
    </div>
  );
}

export function TimelinePanel() {
  const names = laneNames.value.split("\n");
  return (
    <section class="panel" id="timeline" aria-labelledby="h-timeline">
      <div class="head">
        <h2 id="h-timeline">Timeline</h2>
        <span class="hint">{readout}</span>
        <Tools />
      </div>
      <div class="lanes">
        <div class="names">
          {names.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={selected.value === name}
              style={{ height: `${laneHeight(names.length)}px` }}
              onClick={() => toggle(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <div class="picture">
          <Lanes />
        </div>
      </div>
      <MessagesBelow />
    </section>
  );
}

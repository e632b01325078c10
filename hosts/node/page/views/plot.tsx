/**
 * One chart: uPlot in the colours of the theme, over the span of the timeline.
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Series } from "../model/series.js";
import type { Span } from "../model/timeline.js";
import { colours, inkOf } from "../theme.js";

const HEIGHT = 104;
/** Lines differ in colour and in dashes. */
const STROKES = ["run", "dead", "well", "wait", "held"];
const WHOLE_STEPS = [1, 10, 100, 1000, 10_000].flatMap((ten) => [ten, 2 * ten, 5 * ten]);
const DASHES = [[], [5, 3], [2, 2], [7, 2, 2, 2], [1, 3]];

export interface PlotProps {
  readonly series: Series;
  readonly span: Span;
  readonly isLogarithmic?: boolean;
  readonly isStepped?: boolean;
  /** How a value of the y axis is written. */
  readonly shown: (value: number) => string;
  /** Says what the chart shows. */
  readonly label: string;
}

/** From one power of ten to another; some, where there is nothing to see. */
function decades(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0) return [0.001, 1];
  const first = Math.floor(Math.log10(low));
  return [10 ** first, 10 ** Math.max(first + 1, Math.ceil(Math.log10(high)))];
}

function powersOfTen(_plot: uPlot, _axis: number, low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const count = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => 10 ** (first + index));
}

function optionsFor(
  { isLogarithmic = false, isStepped = false, shown }: PlotProps,
  labels: readonly string[],
  width: number,
): uPlot.Options {
  const [line, soft] = [inkOf("line"), inkOf("soft")];
  const font = "10.5px system-ui, sans-serif";
  const grid = { stroke: line, width: 1 };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    padding: [6, 12, 0, 0],
    scales: {
      x: { time: false },
      y: isLogarithmic
        ? { distr: 3, range: decades }
        : { range: (_plot, _low, high) => [0, Math.max(1, high)] },
    },
    axes: [
      {
        stroke: soft,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 20,
        gap: 5,
        values: (_plot, marks) => marks.map((mark) => `${mark} s`),
      },
      {
        stroke: soft,
        font,
        grid,
        ticks: { show: false },
        size: 46,
        gap: 4,
        space: 26,
        // A line for each power of ten, and none between.
        ...(isLogarithmic ? { splits: powersOfTen } : {}),
        // Of what is counted there are no halves.
        ...(isStepped ? { incrs: WHOLE_STEPS } : {}),
        values: (_plot, marks) => marks.map((mark) => (mark === null ? "" : shown(mark))),
      },
    ],
    series: [
      {},
      ...labels.map((label, index) => ({
        label,
        stroke: inkOf(STROKES[index % STROKES.length]!),
        width: 1.5,
        dash: DASHES[index % DASHES.length]!,
        points: { show: false },
        ...(isStepped && stepped !== undefined ? { paths: stepped } : {}),
      })),
    ],
  };
}

/** Draws whenever it is rendered; the plot itself is made anew only for other lines or colours. */
export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ plot: uPlot; key: string } | null>(null);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      if (width > 0) drawn.current?.plot.setSize({ width, height: HEIGHT });
    });
    watcher.observe(box.current!);
    return () => {
      watcher.disconnect();
      drawn.current?.plot.destroy();
      drawn.current = null;
    };
  }, []);
  const key = [colours.value, ...props.series.lines.map(({ label }) => label)].join("\n");
  useLayoutEffect(() => {
    const { series, span } = props;
    if (drawn.current?.key !== key) {
      drawn.current?.plot.destroy();
      const labels = series.lines.map(({ label }) => label);
      const options = optionsFor(props, labels, Math.max(100, box.current!.clientWidth));
      drawn.current = { plot: new uPlot(options, undefined, box.current!), key };
    }
    const { plot } = drawn.current;
    const data = [series.seconds, ...series.lines.map(({ values }) => values)];
    plot.batch(() => {
      plot.setData(data as uPlot.AlignedData, false);
      plot.setScale("x", { min: span.from_ms / 1000, max: span.to_ms / 1000 });
    });
  });
  return <div class="plot" ref={box} role="img" aria-label={props.label} />;
}

/** The line of a legend: dashes and colour as the plot has them. */
export function LineMark({ index }: { index: number }) {
  const dash = DASHES[index % DASHES.length]!.join(" ");
  return (
    <svg class="line" width={18} height={8} aria-hidden="true">
      <path
        d="M0,4 H18"
        style={{ stroke: `var(--${STROKES[index % STROKES.length]})` }}
        stroke-dasharray={dash}
      />
    </svg>
  );
}

/**
 * Charts: is it faster or slower than before? They share the span of the timeline.
 */
import { shownBytes, shownCount, shownWait } from "../model/format.js";
import type { Recording } from "../model/recording.js";
import {
  busiestClient,
  heapSeries,
  messageSeries,
  restartSeries,
  type Series,
  tripSeries,
} from "../model/series.js";
import { spanOf } from "../model/timeline.js";
import { moment, now_ms, recording, selected, view } from "../store.js";
import { LineMark, Plot } from "./plot.js";

interface ChartProps {
  readonly title: string;
  readonly series: (recording: Recording) => Series;
  readonly shown: (value: number) => string;
  readonly isLogarithmic?: boolean;
  readonly isStepped?: boolean;
}

/** The value at the moment that is shown, or the last before it. */
function valueAt({ seconds }: Series, values: readonly (number | null)[], ms: number) {
  const index = seconds.findLastIndex((second) => second * 1000 <= ms);
  return values[index] ?? null;
}

function Chart({ title, series, shown, ...look }: ChartProps) {
  const seen = recording.value;
  const at = moment.value;
  if (seen === null || at === null) return null;
  const now = series(seen);
  const values = now.lines.map(({ label, values: all }) => ({
    label,
    value: valueAt(now, all, at.ms),
  }));
  const words = values.map(({ label, value }) => `${label} ${value === null ? "–" : shown(value)}`);
  return (
    <div class="chart">
      <h3>{title}</h3>
      <p class="now">
        {values.length === 0 ? <span>–</span> : null}
        {values.map(({ label, value }, index) => (
          <span key={label}>
            <LineMark index={index} /> {label} <b>{value === null ? "–" : shown(value)}</b>
          </span>
        ))}
      </p>
      <Plot
        {...look}
        label={`${title}: ${words.join(", ")}`}
        shown={shown}
        series={now}
        span={spanOf(view.value, now_ms())}
      />
    </div>
  );
}

/** Whose round trips are shown: the selected task's if it sends, else the busiest one's. */
function clientOf(seen: Recording): string {
  const name = selected.value;
  const sends = name !== null && (moment.value?.byName.get(name)?.out ?? 0) > 0;
  return sends ? name : busiestClient(seen);
}

export function ChartsPanel() {
  const seen = recording.value;
  if (seen === null || moment.value === null) return null;
  const client = clientOf(seen);
  const hasHeap = moment.value.tasks.some(
    ({ name, row }) => name !== "main" && row.heapBytes !== null,
  );
  return (
    <section class="panel" id="charts" aria-labelledby="h-charts">
      <div class="head">
        <h2 id="h-charts">Charts</h2>
        <span class="hint">over the timeline's span</span>
      </div>
      <div class="charts">
        <Chart
          title="messages a second"
          shown={shownCount}
          series={(all) => messageSeries(all, selected.value)}
        />
        <Chart
          title={seen.welcome.isTraced ? `round trip of ${client}` : `wait of ${client}'s messages`}
          shown={shownWait}
          isLogarithmic
          series={(all) => tripSeries(all, client)}
        />
        <Chart
          title="restarts"
          shown={(value) => value.toFixed(0)}
          isStepped
          series={(all) => restartSeries(all, selected.value)}
        />
        {hasHeap ? (
          <Chart
            title="heap in use"
            shown={shownBytes}
            series={(all) => heapSeries(all, selected.value)}
          />
        ) : null}
      </div>
    </section>
  );
}

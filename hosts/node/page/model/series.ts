/**
 * What the charts show: a value for each frame. Each chart follows the selected task, or all of
 * them.
 */
import type { Frame } from "../../watch/protocol.js";
import { percentile, rateOf, rowIn, spanBefore, tripsOf } from "./rates.js";
import type { Recording } from "./recording.js";
import { isWaiting } from "./states.js";

/** Lines over one axis of time: seconds of the board's clock, and for each line its values. */
export interface Series {
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
}

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** How many tasks have a line of their own where each has one. */
const LINES_MAX = 5;

const namesOf = ({ welcome }: Recording): string[] => welcome.tasks.map(({ name }) => name);
const secondsOf = (frames: readonly Frame[]): number[] => frames.map(({ ms }) => ms / 1000);

/** Messages a second, of all tasks and of the selected one. */
export function messageSeries(recording: Recording, selected: string | null): Series {
  const { frames } = recording;
  const names = ["main", ...namesOf(recording)];
  const both = (name: string, index: number): number =>
    Math.max(rateOf(frames, index, name, "sent"), rateOf(frames, index, name, "received"));
  const all = frames.map((_, index) =>
    names.reduce((sum, name) => sum + rateOf(frames, index, name, "sent"), 0),
  );
  const lines: Line[] = [{ label: "all tasks", values: all }];
  if (selected !== null) {
    lines.push({ label: selected, values: frames.map((_, index) => both(selected, index)) });
  }
  return { seconds: secondsOf(frames), lines };
}

/**
 * The mean wait of a task's messages in milliseconds, without any clock: by Little's law it is the
 * share of time in which one was under way, over their rate. null where it sent next to nothing.
 */
function meanWait(recording: Recording, name: string, index: number): number | null {
  const { frames } = recording;
  const end = frames[index]!;
  const rate = rateOf(frames, index, name, "sent");
  const begin = frames[spanBefore(frames, index)]!;
  const lane = recording.lanes.get(name);
  if (rate < 0.5 || lane === undefined || end.ms === begin.ms) return null;
  let waited = 0;
  lane.forEach(begin.ms, end.ms, ({ from_ms, to_ms, state }) => {
    if (isWaiting(state)) waited += Math.min(to_ms, end.ms) - Math.max(from_ms, begin.ms);
  });
  return (waited / (end.ms - begin.ms) / rate) * 1000;
}

/** Round trips in milliseconds: p50 and p99 where the kernel traces them, else the sampled mean. */
export function tripSeries(recording: Recording, client: string): Series {
  const { frames, welcome } = recording;
  const seconds = secondsOf(frames);
  if (!welcome.isTraced) {
    const values = frames.map((_, index) => meanWait(recording, client, index));
    return { seconds, lines: [{ label: "mean, sampled", values }] };
  }
  const trips = frames.map((_, index) => tripsOf(frames, index, client));
  return {
    seconds,
    lines: [
      { label: "p50", values: trips.map((buckets) => percentile(buckets, 0.5)) },
      { label: "p99", values: trips.map((buckets) => percentile(buckets, 0.99)) },
    ],
  };
}

/** Those with the most of something now, each with a line. */
function eachTask(
  recording: Recording,
  value: (frame: Frame, name: string) => number | null,
  selected: string | null,
): Series {
  const { frames } = recording;
  const last = frames.at(-1);
  const now = (name: string): number => (last === undefined ? 0 : (value(last, name) ?? 0));
  const most = namesOf(recording)
    .filter((name) => now(name) > 0 || name === selected)
    .sort((a, b) => now(b) - now(a))
    .slice(0, LINES_MAX);
  // In the manifest's order, so that a line keeps its colour.
  const names = namesOf(recording).filter((name) => most.includes(name));
  return {
    seconds: secondsOf(frames),
    lines: names.map((name) => ({
      label: name,
      values: frames.map((frame) => value(frame, name)),
    })),
  };
}

/** Restarts of each task. */
export function restartSeries(recording: Recording, selected: string | null): Series {
  return eachTask(recording, (frame, name) => rowIn(frame, name)?.restarts ?? null, selected);
}

/** Bytes of each task's heap. */
export function heapSeries(recording: Recording, selected: string | null): Series {
  return eachTask(recording, (frame, name) => rowIn(frame, name)?.heapBytes ?? null, selected);
}

/**
 * The task that sends the most, of the last frame: whose round trips are shown without a choice.
 */
export function busiestClient(recording: Recording): string {
  const { frames } = recording;
  const index = frames.length - 1;
  const rates = namesOf(recording).map((name) => ({
    name,
    rate: rateOf(frames, index, name, "sent"),
  }));
  rates.sort((a, b) => b.rate - a.rate);
  return rates[0]?.name ?? "main";
}

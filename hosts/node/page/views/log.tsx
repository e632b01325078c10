/**
 * The log: what it said, and what happened around it.
 */
import { computed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogLevel } from "../../log/line.js";
import { shownTime } from "../model/format.js";
import { logRows } from "../model/log-lines.js";
import {
  isLogFollowing,
  logFilter,
  moment,
  recording,
  select,
  selected,
  setLogFilter,
} from "../store.js";

const LEVELS: readonly (readonly [value: string, words: string])[] = [
  ["debug", "all output"],
  ["info", "from info"],
  ["warn", "from warn"],
  ["error", "errors"],
  ["", "no output"],
];

/** The task whose lines are shown: the selected one, else that of the filter. */
const shownTask = computed(() => selected.value ?? logFilter.value.task);

const rows = computed(() => {
  const at = moment.value;
  if (at === null || recording.value === null) return [];
  const filter = { ...logFilter.value, task: shownTask.value };
  return logRows(recording.value, filter, at.ms);
});

function Filters() {
  const names = ["main", ...(recording.value?.welcome.tasks ?? []).map(({ name }) => name)];
  const { words, hasEvents, level } = logFilter.value;
  return (
    <div class="tools wide" role="group" aria-label="Filters">
      <select
        id="log-task"
        aria-label="Task"
        value={shownTask.value}
        onChange={({ currentTarget }) => {
          select(null);
          setLogFilter({ task: currentTarget.value });
        }}
      >
        <option value="">all tasks</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        id="log-level"
        aria-label="Output"
        value={level ?? ""}
        onChange={({ currentTarget: { value } }) =>
          setLogFilter({ level: value === "" ? null : (value as LogLevel) })
        }
      >
        {LEVELS.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={hasEvents}
          onChange={({ currentTarget }) => setLogFilter({ hasEvents: currentTarget.checked })}
        />{" "}
        events
      </label>
      <input
        id="log-words"
        type="search"
        placeholder="filter  /"
        aria-label="Words"
        value={words}
        onInput={({ currentTarget }) => setLogFilter({ words: currentTarget.value.toLowerCase() })}
      />
      <button
        type="button"
        aria-pressed={isLogFollowing.value}
        onClick={() => (isLogFollowing.value = !isLogFollowing.value)}
      >
        Follow
      </button>
    </div>
  );
}

/** Why there are no rows. */
function Nothing() {
  const { words, hasEvents, level } = logFilter.value;
  const isFiltered = shownTask.value !== "" || words !== "" || !hasEvents || level !== "debug";
  return <li class="none">{isFiltered ? "no line passes the filter" : "nothing here yet"}</li>;
}

function Rows() {
  const list = useRef<HTMLOListElement>(null);
  const shown = rows.value;
  const last = shown.at(-1)?.key;
  useLayoutEffect(() => {
    const { current } = list;
    if (current !== null && isLogFollowing.value) current.scrollTop = current.scrollHeight;
  }, [last, shown.length, isLogFollowing.value]);
  return (
    <ol id="lines" ref={list} tabIndex={0} aria-label="Lines">
      {shown.length === 0 ? <Nothing /> : null}
      {shown.map(({ key, ms, task, text, ink, isOutput }) => (
        <li key={key} data-output={isOutput || undefined}>
          <span class="when">{shownTime(ms)}</span>
          <span class="whose" title={task}>
            {task}
          </span>
          <span class={ink === "" ? "text" : `text ink-${ink}`}>{text}</span>
        </li>
      ))}
    </ol>
  );
}

export function LogPanel() {
  return (
    <section class="panel" id="log" aria-labelledby="h-log">
      <div class="head">
        <h2 id="h-log">Log</h2>
        <Filters />
      </div>
      <Rows />
    </section>
  );
}

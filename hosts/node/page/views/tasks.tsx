/**
 * The tasks as a table: the numbers of each, and below it everything about one.
 */
import { shownCount, shownSpan } from "../model/format.js";
import { GLOW_MS, isBlocked, type TaskMoment } from "../model/moment.js";
import { isDown, isWaiting, STATES } from "../model/states.js";
import { moment, select, selected, toggle, troubles } from "../store.js";
import { Details } from "./details.js";

interface Cell {
  readonly text: string;
  readonly look: string;
}

function stateCell(task: TaskMoment): Cell {
  const trouble = troubles.value.find(
    ({ task: name, ring, rank }) => ring.includes(task.name) || (rank === 1 && name === task.name),
  );
  if (trouble !== undefined && trouble.ring.length > 0) {
    return { text: `⟲ ${task.shown}`, look: "ink-dead" };
  }
  if (trouble?.kind === "does not answer") return { text: "▲ no answer", look: "ink-dead" };
  if (task.name === "main" && task.shown === "IDLE") {
    return { text: "○ never waits", look: "ink-idle" };
  }
  const { glyph, ink } = STATES[task.shown];
  const { startsIn_ms } = task.row;
  const soon =
    task.shown === "DEAD" && startsIn_ms !== null && startsIn_ms > 0
      ? ` ↻ ${shownSpan(startsIn_ms)}`
      : "";
  return { text: `${glyph} ${task.shown}${soon}`, look: `ink-${ink}` };
}

function waitCell(task: TaskMoment): Cell {
  const { state, peer, isLong, for_ms, mostly, mostlyShare } = task;
  if (isBlocked(task)) return { text: `${peer} ${shownSpan(for_ms)}`, look: "ink-wait long" };
  if (state === "RECOVERING") {
    const who = peer === "" ? "a server" : peer;
    return { text: isLong ? `${who} ${shownSpan(for_ms)}` : who, look: "ink-wait" };
  }
  const percent = Math.round(mostlyShare * 100);
  const isBusy = percent > 4 && mostly !== "" && !isDown(state);
  return { text: isBusy ? `${mostly} ${percent} %` : "–", look: "" };
}

function deathCell({ row, last }: TaskMoment, ms: number): Cell {
  const ago = last === null ? (row.lastDeath?.ago_ms ?? null) : ms - last.ms;
  const cause = last?.cause ?? row.lastDeath?.cause ?? "";
  if (ago === null) return { text: "–", look: "" };
  return { text: `${cause} ${shownSpan(ago)}`, look: ago < GLOW_MS ? "ink-dead" : "" };
}

/** Arrows go from row to row and select; Enter takes the selection back. */
function onKey(event: KeyboardEvent, name: string): void {
  const row = event.currentTarget as HTMLTableRowElement;
  const rows = [...(row.parentElement?.children ?? [])] as HTMLTableRowElement[];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") toggle(name);
  else if (to === undefined) return;
  else {
    const next = rows[to];
    next?.focus();
    if (next !== undefined) select(next.dataset["task"] ?? null);
  }
  event.preventDefault();
  event.stopPropagation();
}

function Row({ task, ms, isFirst }: { task: TaskMoment; ms: number; isFirst: boolean }) {
  const { name, row } = task;
  const [state, wait, death] = [stateCell(task), waitCell(task), deathCell(task, ms)];
  const isSelected = selected.value === name;
  const isInOrder = selected.value === null ? isFirst : isSelected;
  return (
    <tr
      tabIndex={isInOrder ? 0 : -1}
      data-task={name}
      data-selected={isSelected || undefined}
      onClick={() => toggle(name)}
      onKeyDown={(event) => onKey(event, name)}
    >
      <th scope="row" title={name}>
        {name}
      </th>
      <td class={state.look}>{state.text}</td>
      <td class={wait.look}>{wait.text}</td>
      <td class="num more">{task.out > 0.5 ? shownCount(task.out) : "–"}</td>
      <td class="num more">{task.in > 0.5 ? shownCount(task.in) : "–"}</td>
      <td class="num more">{name === "main" ? "–" : row.restarts + 1}</td>
      <td class={death.look}>{death.text}</td>
    </tr>
  );
}

export function TasksPanel() {
  const at = moment.value;
  if (at === null) return null;
  const held = at.tasks.filter(({ row }) => row.isHeld).length;
  const waiting = at.tasks.filter(({ state }) => isWaiting(state)).length;
  const words = [`${at.tasks.length - 1} and the main VM`];
  if (held > 0) words.push(`${held} held`);
  if (waiting > 0 && troubles.value.length > 0) words.push(`${waiting} wait`);
  return (
    <section class="panel" id="tasks" aria-labelledby="h-tasks">
      <div class="head">
        <h2 id="h-tasks">Tasks</h2>
        <span class="hint">{words.join(", ")}</span>
      </div>
      <div class="scroll">
        <table aria-labelledby="h-tasks">
          <thead>
            <tr>
              <th scope="col">task</th>
              <th scope="col">state</th>
              <th scope="col" title="for how long; or which share of the last half second">
                waits for
              </th>
              <th scope="col" class="num more">
                out/s
              </th>
              <th scope="col" class="num more">
                in/s
              </th>
              <th scope="col" class="num more">
                starts
              </th>
              <th scope="col">last death</th>
            </tr>
          </thead>
          <tbody>
            {at.tasks.map((task, index) => (
              <Row key={task.name} task={task} ms={at.ms} isFirst={index === 0} />
            ))}
          </tbody>
        </table>
      </div>
      <Details />
    </section>
  );
}

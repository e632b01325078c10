/**
 * Is everything well? One line, and one sentence below it.
 */
import type { Incident } from "./incidents.js";
import { counted, listed, shownSpan } from "./format.js";
import type { Moment } from "./moment.js";
import { isDown } from "./states.js";
import type { Trouble } from "./troubles.js";

export interface Verdict {
  readonly level: "well" | "warn" | "bad";
  readonly glyph: string;
  readonly head: string;
  readonly because: string;
  /** What a screen reader is told: another text only when the kind of trouble changes. */
  readonly announcement: string;
}

function healed({ task, ms, cause, back_ms, recovered }: Incident, now_ms: number): string {
  const clients = recovered.filter((client) => client.ms <= now_ms);
  const back = back_ms === null ? "" : `, back after ${shownSpan(back_ms - ms)}`;
  const last = Math.max(...clients.map((client) => client.ms));
  const names = listed(clients.map((client) => client.task));
  const mended = clients.length === 0 ? "" : `, ${names} recovered within ${shownSpan(last - ms)}`;
  return `last: ${task} ${cause} ${shownSpan(now_ms - ms)} ago${back}${mended}`;
}

/** Nothing is wrong: how many answer, and what happened last. */
function allWell(moment: Moment, last: Incident | null): Verdict {
  const { board } = moment.frame;
  const tasks = moment.tasks.filter(({ name }) => name !== "main");
  const ended = tasks.filter(({ state }) => state === "STOPPED").length;
  const paused = tasks.filter(({ state }) => state === "PAUSED").map(({ name }) => name);
  const up = tasks.filter(({ state }) => !isDown(state)).length - ended;
  const words = [`${up} of ${counted(tasks.length, "task")} ${up === 1 ? "is" : "are"} up`];
  if (ended > 0) words.push(`${ended} ended`);
  if (paused.length > 0) words.push(`${listed(paused)} in a debugger`);
  words.push(last === null ? "nothing has died yet" : healed(last, moment.ms));
  const isOff = board !== "running";
  return {
    level: "well",
    glyph: isOff ? "◔" : "✓",
    head: isOff ? `The board is ${board}` : "All well",
    because: words.join("; "),
    announcement: isOff ? `The board is ${board}` : "All well",
  };
}

/** The verdict on a moment whose troubles are these. `last` is the last death that is over. */
export function verdictOn(
  moment: Moment,
  troubles: readonly Trouble[],
  last: Incident | null,
): Verdict {
  const [worst, ...others] = troubles;
  if (worst === undefined) return allWell(moment, last);
  const { level, glyph, head, because, task, kind, for_ms } = worst;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  const also = others.length === 0 ? "" : `. Also: ${others.map((one) => one.head).join("; ")}`;
  const since = ((moment.ms - for_ms) / 1000).toFixed(1);
  return {
    level,
    glyph,
    head: head + more,
    because: `Since ${since} s: ${because}${also}`,
    announcement: `${task} ${kind}`,
  };
}

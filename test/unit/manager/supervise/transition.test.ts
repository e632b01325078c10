/**
 * The table: every state and every event. What is listed here changes something; all else must
 * leave the very same state and do nothing.
 */
import test from "tape";
import * as E from "../../../../src/manager/supervise/effects.js";
import { NO_HISTORY } from "../../../../src/manager/supervise/policy.js";
import * as S from "../../../../src/manager/supervise/state.js";
import { transition } from "../../../../src/manager/supervise/transition.js";
import { TABLE } from "./transition-table.js";

const NOW = 1_000;
const PID = 513;
const KINDS = "IDLE HELD ORDERED BACKOFF LAUNCHING LOADING ATTACHING RUNNING LEAVING DYING STUCK";
const NEXTS = ["policy", "start", "hold", "stop"];
const EFFECTS =
  "forget renew follow launch leave end tell-started tell-ready tell-died tell-ended tell-stuck";

type Named<T> = readonly (readonly [string, T])[];

function withNext(
  make: (next: S.Next) => S.TaskState,
  nexts: readonly S.Next[],
): Named<S.TaskState> {
  return nexts.map((next) => [name(make(next)), make(next)]);
}

function name(state: S.TaskState): string {
  const kind = KINDS.split(" ")[state.kind]!;
  return "next" in state ? `${kind} ${NEXTS[state.next]}` : kind;
}

const ALIVE = [S.NEXT_POLICY, S.NEXT_HOLD, S.NEXT_STOP] as const;
const LEFT = [S.NEXT_START, S.NEXT_HOLD, S.NEXT_STOP] as const;
const ANY = [S.NEXT_POLICY, ...LEFT] as const;

const waiting = (kind: typeof S.ORDERED | typeof S.BACKOFF): S.TaskState => ({
  kind,
  due_ms: NOW,
  cohort: S.ALONE,
});
const starting =
  (kind: S.Starting["kind"]) =>
  (next: S.Next): S.TaskState => ({ kind, pid: PID, next, limit_ms: NOW });

/** Every state that there is, with a pid wherever there may be one. */
const STATES: Named<S.TaskState> = [
  ["IDLE", S.AT_REST],
  ["HELD", { kind: S.HELD }],
  ["ORDERED", waiting(S.ORDERED)],
  ["BACKOFF", waiting(S.BACKOFF)],
  ...withNext((next) => ({ kind: S.LAUNCHING, pid: 0, next, limit_ms: Infinity }), ALIVE),
  ...withNext(starting(S.LOADING), ALIVE),
  ...withNext(starting(S.ATTACHING), ALIVE),
  ...withNext((next) => ({ kind: S.RUNNING, pid: PID, next }), ALIVE),
  ...withNext((next) => ({ kind: S.LEAVING, pid: PID, next, cohort: S.ALONE }), LEFT),
  ...withNext((next) => ({ kind: S.DYING, pid: PID, next, cause: "killed", text: "" }), ANY),
  ...withNext((next) => ({ kind: S.STUCK, pid: PID, next, cause: null, text: "" }), LEFT),
];

function verdict(isRestarted: boolean, step: S.Verdict["step"] = "task"): S.Verdict {
  return {
    isRestarted,
    step,
    due_ms: NOW,
    cohort: S.ALONE,
    history: NO_HISTORY,
    notes: [],
    why: "",
  };
}

const gone = (cause: S.Gone["cause"], isRestarted: boolean, pid = PID): S.TaskEvent => ({
  type: S.GONE,
  pid,
  cause,
  text: "",
  verdict: verdict(isRestarted),
});

const EVENTS: Named<S.TaskEvent> = [
  ["start", { type: S.START }],
  ["revive", { type: S.REVIVE, due_ms: NOW }],
  ["restart", { type: S.RESTART }],
  ["stop", { type: S.STOP }],
  ["kill", { type: S.KILL, cause: "hung", text: "" }],
  ["terminate", { type: S.TERMINATE }],
  ["hold", { type: S.HOLD }],
  ["release", { type: S.RELEASE }],
  ["due", { type: S.DUE }],
  ["unneeded", { type: S.UNNEEDED }],
  ["gather", { type: S.GATHER, cohort: [1, 2] }],
  ["attached", { type: S.ATTACHED }],
  ["late", { type: S.LATE, text: "late" }],
  ["started", { type: S.STARTED, pid: PID, load_ms: 10 }],
  ["loaded", { type: S.LOADED, pid: PID, needsServices: false }],
  ["loaded, services to come", { type: S.LOADED, pid: PID, needsServices: true }],
  ["died", gone("throw", true)],
  ["died, for good", gone("throw", false)],
  ["ended", gone(null, false)],
  ["called off", gone(null, true, 0)],
  ["unending", { type: S.UNENDING, pid: PID, text: "native" }],
];

/** Events that no host tells in a state that has no pid, or another. */
const OTHER_PID = PID + 512;
const STALE: Named<S.TaskEvent> = [
  ["stale loaded", { type: S.LOADED, pid: OTHER_PID, needsServices: false }],
  ["stale died", gone("throw", true, OTHER_PID)],
  ["stale unending", { type: S.UNENDING, pid: OTHER_PID, text: "" }],
];

function lineOf(state: S.TaskState, event: S.TaskEvent): string {
  const { state: after, effects } = transition(state, event, NOW);
  const done = effects.map(({ does }) => EFFECTS.split(" ")[does]!);
  if (after === state && done.length === 0) return "";
  return `${name(after)}${done.length === 0 ? "" : `: ${done.join(" ")}`}`;
}

function tableNow(): string {
  const blocks = EVENTS.map(([title, event]) => {
    const lines = STATES.map(([from, state]) => [from, lineOf(state, event)] as const);
    const changed = lines.filter(([, line]) => line !== "");
    return [`${title}`, ...changed.map(([from, line]) => `  ${from} > ${line}`)].join("\n");
  });
  return `\n${blocks.join("\n")}\n`;
}

test("transition: every state and every event", (t) => {
  t.equal(tableNow(), TABLE);
  t.end();
});

test("transition: an event about another pid changes nothing, in any state", (t) => {
  for (const [from, state] of STATES) {
    for (const [title, event] of STALE) t.equal(lineOf(state, event), "", `${title} in ${from}`);
  }
  t.end();
});

test("transition: a death is called what was ordered, unless it threw meanwhile", (t) => {
  const dying: S.TaskState = { kind: S.DYING, pid: PID, next: 0, cause: "hung", text: "late" };
  const told = (state: S.TaskState, cause: S.Gone["cause"]): unknown =>
    transition(state, gone(cause, true), NOW).effects.find(({ does }) => does === E.TELL_DIED);
  const news = { does: E.TELL_DIED, pid: PID, isStopped: false };
  t.deepEqual(told(dying, "killed"), { ...news, cause: "hung", text: "late" });
  t.deepEqual(told(dying, null), { ...news, cause: "hung", text: "late" });
  t.deepEqual(told(dying, "throw"), { ...news, cause: "throw", text: "" });
  t.end();
});

test("transition: a policy that says hold holds", (t) => {
  const running: S.TaskState = { kind: S.RUNNING, pid: PID, next: S.NEXT_POLICY };
  const event: S.TaskEvent = { ...(gone("throw", true) as S.Gone), verdict: verdict(true, "hold") };
  t.equal(lineOf(running, event), "HELD: tell-died follow");
  t.end();
});

/**
 * What a task's restart policy says now that it is gone: from the policy, what is remembered of the
 * task, and how often the board has been restarted. Changes nothing.
 */
import type { DeathCause } from "../status.js";
import type { ManagedTask } from "./managed-task.js";
import { connectedWith, withDependents } from "./order.js";
import { type BoardPolicy, decide, isRestarted, type Step } from "./policy.js";
import * as S from "./state.js";

/** What a verdict depends on beside the task. */
export interface Court {
  readonly board: BoardPolicy;
  readonly reboots: () => number;
  readonly random: () => number;
}

/** The verdict on `task`, which is gone of `cause`; null: it has ended. */
export function verdictOn(
  task: ManagedTask,
  tasks: readonly ManagedTask[],
  cause: DeathCause | null,
  now: number,
  { board, reboots, random }: Court,
): S.Verdict {
  const { name, spec, history: before, state } = task;
  const { restart } = spec;
  const why = cause ?? "it ended";
  const isAgain = isRestarted(restart, cause !== null);
  const isForPolicy = S.isUp(state) && state.next === S.NEXT_POLICY;
  const none = { isRestarted: isAgain, history: before, notes: [], why };
  if (!isAgain || !isForPolicy) return { ...none, step: task.step, due_ms: now, cohort: S.ALONE };
  const { step, due_ms, history } = decide(restart, before, task.started_ms, now, random());
  const notes: string[] = [];
  if (history.level > before.level) {
    const { intensity, period_ms } = restart;
    notes.push(
      `${name}: more than ${intensity} restarts within ${period_ms} ms, next step: ${step}`,
    );
  }
  const verdict = { isRestarted: true, due_ms, history, notes, why };
  if (step !== "board" || reboots() < board.rebootsMax) {
    return { ...verdict, step, cohort: cohortOf(task, tasks, step) };
  }
  notes.push(`${name} is held: ${reboots()} restarts of the board in a row have not helped`);
  return { ...verdict, step: "hold", cohort: S.ALONE };
}

function cohortOf(task: ManagedTask, tasks: readonly ManagedTask[], step: Step): S.Cohort {
  if (step !== "rest_for_one" && step !== "one_for_all") return S.ALONE;
  const members =
    step === "rest_for_one" ? withDependents(tasks, task) : connectedWith(tasks, task);
  return members.map(({ place }) => place);
}

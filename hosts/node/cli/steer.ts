/**
 * `reattach kill`, `hang`, `hold`, `release` and `restart`: something is done to one task of a
 * running simulator.
 */
import type { Action } from "../watch/protocol.js";
import { inquire } from "./simulators.js";

/** What has been done, after the name of the task. */
const DONE: Readonly<Record<Action, string>> = {
  kill: "killed",
  hang: "hangs when it next passes through the kernel",
  hold: "held: it is not started again until it is released",
  release: "released",
  restart: "restarted",
};

/** What the system says when it was not done as it was ordered, and that is no failure. */
const OTHERWISE: Readonly<Record<string, string>> = {
  superseded: "a later order wants something else",
  rebooted: "the board was restarted meanwhile",
};

/** Runs the command. Resolves to its exit code; throws as inquire() does. */
export function steer(action: Action, argv: string[]): Promise<number> {
  return inquire(argv, ["task"], async (simulator, task) => {
    const outcome = (await simulator.ask({ call: action, task })) ?? "done";
    const text = OTHERWISE[String(outcome)] ?? DONE[action];
    const more = outcome === "done" ? {} : { outcome };
    return { json: { action, task, ...more }, text: `${task}: ${text}\n` };
  });
}

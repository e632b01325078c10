/**
 * Acts with recovery functions. Each makes a connection HA-aware with a function of another kind.
 */
import * as reattach from "reattach";
import {
  ConnectDetach,
  delay,
  ENOENT,
  ESRCH,
  ha_attach,
  ha_ConnectAttach,
  ha_creat,
  ha_open,
  ha_reopen,
  HAREPLACERECOVERYFN,
  MsgSend,
  type RecoveryFunction,
  restartRecovery,
  waitForName,
} from "reattach";
import { keepRecovery } from "./own.js";

/**
 * A step of a scripted recovery function: a call of "reattach" by name, in whose arguments "$coid"
 * stands for the lost coid and "$handle" for the handle; or one of
 * - reopen name: ha_reopen until the name is registered;
 * - replace answer: attaches a function that returns `answer` in its own place;
 * - throw text; hang: never comes back.
 */
export type Step = readonly [string, ...unknown[]];

/** What a scripted recovery function does, and what it returns. */
export interface Script {
  readonly steps?: readonly Step[];
  /** "coid": the lost coid. "last": what the last step returned. */
  readonly answer: "coid" | "last" | number;
}

/** ha_attach, and remember it for reset. */
function attach(coid: number, rfn: (lost: number) => number, flags = 0): number {
  keepRecovery(coid);
  return ha_attach(coid, rfn, null, flags);
}

/**
 * Reopens `name` under the number `coid`, waiting for it to be registered again; also when the
 * server that has registered it dies before it is connected to.
 */
function reopen(coid: number, name: string): number {
  for (;;) {
    const result = ha_reopen(coid, name, 0);
    if (result !== -ENOENT && result !== -ESRCH) return result;
    waitForName(name, Infinity);
  }
}

let calls = 0;
/** What the steps of scripts have returned, in order. */
let returned: number[] = [];

type Callable = (...args: unknown[]) => number;

function perform([name, ...args]: Step, coid: number, handle: unknown): number {
  const [first] = args;
  if (name === "throw") throw new Error(String(first));
  if (name === "reopen") return reopen(coid, first as string);
  if (name === "replace") {
    return ha_attach(coid, () => first as number, null, HAREPLACERECOVERYFN);
  }
  if (name === "hang") for (;;) delay(1_000);
  const filledIn = args.map((arg) => (arg === "$coid" ? coid : arg === "$handle" ? handle : arg));
  return (reattach as unknown as Record<string, Callable>)[name]!(...filledIn);
}

function scripted({ steps = [], answer }: Script): RecoveryFunction {
  return (coid, handle) => {
    calls++;
    let last = -1;
    for (const step of steps) {
      last = perform(step, coid, handle);
      returned.push(last);
    }
    if (answer === "coid") return coid;
    return answer === "last" ? last : answer;
  };
}

function begin(): void {
  calls = 0;
  returned = [];
}

export const haActs = {
  /** ha_attach with a scripted recovery function. */
  attachScript(coid: number, script: Script, flags: number, handle: unknown): number {
    begin();
    keepRecovery(coid);
    return ha_attach(coid, scripted(script), handle, flags);
  },

  /** ha_attach on two connections with one scripted function, and a handle for each. */
  attachShared(one: number, two: number, script: Script): number {
    begin();
    keepRecovery(one);
    keepRecovery(two);
    const rfn = scripted(script);
    return ha_attach(one, rfn, one, 0) || ha_attach(two, rfn, two, 0);
  },

  /** ha_open with a scripted recovery function. */
  openScript(name: string, oflag: number, script: Script, flags: number): number {
    begin();
    return ha_open(name, oflag, scripted(script), null, flags);
  },

  /** ha_creat with a scripted recovery function. */
  creatScript(name: string, mode: number, script: Script, flags: number): number {
    begin();
    return ha_creat(name, mode, scripted(script), null, flags);
  },

  /** ha_ConnectAttach with a scripted recovery function. */
  connectScript(pid: number, chid: number, script: Script, flags: number): number {
    begin();
    return ha_ConnectAttach(0, pid, chid, 0, 0, scripted(script), null, flags);
  },

  /**
   * ha_attach with restartRecovery, whose rebuild sends the name of the service that was found, and
   * succeeds when the answer is 0. `into` gets the handle of each rebuild.
   */
  attachRestart(coid: number, services: string[], limit_ms: number, rebuilds: boolean): number {
    begin();
    keepRecovery(coid);
    const rebuild = (found: number, _handle: unknown, service: string): boolean => {
      calls++;
      const text = Uint8Array.from(service, (character) => character.charCodeAt(0));
      return MsgSend(found, text, text.length, null, 0) === 0;
    };
    const options = rebuilds ? { limit_ms, rebuild } : { limit_ms };
    return ha_attach(coid, restartRecovery(services, options), null, HAREPLACERECOVERYFN);
  },

  /** What the steps of scripts have returned since the last script was attached. */
  recoverySteps(into: number[]): number {
    into.push(...returned);
    return returned.length;
  },

  /** A recovery function that waits for `name` to be registered again. */
  attachReopening(coid: number, name: string, flags: number): number {
    calls = 0;
    return attach(
      coid,
      (lost) => {
        calls++;
        return reopen(lost, name);
      },
      flags,
    );
  },

  /** A recovery function that returns `answer`. */
  attachAnswering(coid: number, answer: number, flags: number): number {
    calls = 0;
    return attach(
      coid,
      () => {
        calls++;
        return answer;
      },
      flags,
    );
  },

  /** A recovery function that throws. */
  attachThrowing(coid: number, text: string): number {
    return attach(coid, () => {
      throw new Error(text);
    });
  },

  /**
   * A recovery function that sends on its own connection first; it leaves the result in `calls`.
   */
  attachSending(coid: number, name: string): number {
    return attach(coid, (lost) => {
      calls = MsgSend(lost, null, 0, null, 0);
      return reopen(lost, name);
    });
  },

  /** A recovery function that gives up: it detaches the connection and returns -1. */
  attachDetaching(coid: number): number {
    return attach(coid, (lost) => {
      calls = ConnectDetach(lost);
      return -1;
    });
  },

  /** How often a recovery function ran; for the last two, what the call inside returned. */
  recoveryCalls(): number {
    return calls;
  },
};

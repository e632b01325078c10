/**
 * What a running simulator and those who watch or steer it say to each other: the control socket,
 * `reattach ps --watch`, the server of `reattach dev` and its page. Types, constants, and how a
 * sample is read; nothing of Node.js, as a browser loads it too.
 *
 * A request is one line of JSON, and so is its answer. Requests of one connection are answered in
 * their order:
 *
 *     {"call":"kill","task":"store"}
 *     {"ok":true,"value":null}
 *
 * After {"call":"watch"} and its answer the connection carries nothing but messages, one a line:
 * a Welcome, then Frames, Happenings and Gaps as they come. The page gets the same messages from
 * GET /events, as server-sent events, and asks by POST /call.
 *
 * Every `ms` here is in milliseconds since the simulator's process began, with fractions; it goes
 * on when the board restarts. It says when something happened, not when it was told.
 */
import type { Layout, Region } from "../../../src/arena/regions.js";
import type { TaskState } from "../../../src/kernel/inspect/view.js";
import type { SystemUsage } from "../../../src/kernel/inspect/usage.js";
import type { NetView } from "../../../src/net/gateway.js";
import type { BoardState } from "../../../src/manager/board-state.js";
import type { DeathCause, TaskStatus } from "../../../src/manager/status.js";
import type { LogLevel } from "../log/line.js";
import type { MessagesRequest } from "./message-window.js";
import type { Traffic } from "./traffic.js";

/**
 * Raised when a command line or page of another version would misread an answer, or ask what is not
 * known: in `hello` and in Welcome.
 */
export const PROTOCOL_VERSION = 3;

/** The longest request, in UTF-16 units: a call and the name of a task need 100. */
export const REQUEST_MAX = 4096;

// Requests.

/** The calls that only look, and take nothing else. Their values: see Looks. */
export const LOOKS = [
  "hello",
  "ps",
  "ham",
  "usage",
  "connections",
  "net",
  "faults",
  "scenario",
] as const;
/** The calls that do something to one task. */
export const ACTIONS = ["kill", "hang", "hold", "release", "restart"] as const;

export type Look = (typeof LOOKS)[number];
export type Action = (typeof ACTIONS)[number];

export type Request =
  | { readonly call: Look }
  | { readonly call: Action; readonly task: string }
  /** Restarts the board; asks for the lines of system.tracing.lines(). */
  | { readonly call: "reboot" | "lastRecords" }
  /** Adds a fault to the plan (a FaultPlan), as `--fault` has it; or strikes now: "hold:store". */
  | { readonly call: "addFault" | "strike"; readonly fault: string }
  /** Takes a fault out of the plan, by its id. The value is a FaultPlan. */
  | { readonly call: "removeFault"; readonly id: number }
  /** Empties the plan, and has the faults that are added from now on begin with this seed. */
  | { readonly call: "clearFaults"; readonly seed?: number }
  /** Asks for single messages, of a system that is traced. */
  | MessagesRequest
  /** Turns the connection into a stream of WatchMessages. */
  | WatchRequest;

export interface WatchRequest {
  readonly call: "watch";
  /** From FRAME_MS to FRAME_MS_MAX, as nearly as can be; FRAME_MS when it is left out. */
  readonly frame_ms?: number;
}

export const FRAME_MS = 200;
export const FRAME_MS_MAX = 60_000;
/** How often the states of tasks are looked at, while somebody watches. */
export const SAMPLE_MS = 10;
/** So many events wait for a watcher that does not read; then it gets a Gap. */
export const EVENTS_WAITING_MAX = 1_000;

/** Why a request was not obeyed. */
export type Refusal =
  /** It is no request: nothing was done. */
  | "BAD_REQUEST"
  /** There is no such task: nothing was done. */
  | "UNKNOWN_TASK"
  /** There are too many clients, or watchers: nothing was done. */
  | "BUSY"
  /** The system could not do it. */
  | "FAILED";

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Refusal; readonly error: string };

/** The value of `hello`. */
export interface Hello {
  readonly protocol: number;
  readonly pid: number;
  /** Path of the manifest. */
  readonly manifest: string;
}

/** One fault of the plan that is being carried out. */
export interface FaultRule {
  readonly id: number;
  /** As `--fault` has it: "kill:sensor:2s", or "kill:sensor@message:57". */
  readonly fault: string;
  /** How often it has struck. */
  readonly struck: number;
}

/** The value of `faults`. */
export interface FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
  /** What a fault may name: tasks, and parts of the simulated board such as "i2c.0x48". */
  readonly tasks: readonly string[];
  readonly parts: readonly string[];
}

/** The value of `scenario`: the plan as a file that `reattach run --scenario` reads. */
export interface Scenario {
  readonly seed: number;
  readonly faults: readonly string[];
}

// Messages to those who watch.

export type WatchMessage = Welcome | Frame | Happening | Gap;

/** The first message: what does not change while the simulator runs, and what happened before. */
export interface Welcome extends Hello {
  readonly type: "welcome";
  /** `manifest` as an argument of `reattach`, in the folder that the simulator was started in. */
  readonly argument: string;
  readonly ms: number;
  readonly frame_ms: number;
  readonly sample_ms: number;
  /** True for a kernel that traces messages: then connections have counts and times. */
  readonly isTraced: boolean;
  readonly tasks: readonly DeclaredTask[];
  readonly layout: Layout;
  /** Where the bytes of the arena went. */
  readonly regions: readonly Region[];
  /** The last events and lines of the log before, oldest first: at most a few thousand of each. */
  readonly before: readonly WatchEvent[];
}

/** A task as the manifest declares it; `calls`: what its services can be asked, by name. */
export interface DeclaredTask {
  readonly name: string;
  readonly module: string;
  readonly priority: number;
  readonly dependsOn: readonly string[];
  readonly services: readonly string[];
  readonly calls: readonly string[];
  readonly heartbeat_ms: number | null;
  readonly standby: boolean;
}

/** How everything is, a few times a second. */
export interface Frame {
  readonly type: "frame";
  readonly ms: number;
  /** How late the main VM was at the most since the last frame: lateness is a finding. */
  readonly late_ms: number;
  readonly board: BoardState;
  /** The main VM first. */
  readonly tasks: readonly TaskRow[];
  readonly connections: readonly ConnectionRow[];
  readonly channels: readonly ChannelRow[];
  readonly tables: SystemUsage;
  /** Other boards, as this one sees them; null where its manifest has no `net`. */
  readonly net: NetView | null;
  readonly faults: FaultPlan;
  readonly samples: Samples;
}

/** One task, or the main VM. */
export interface TaskRow extends TaskStatus {
  /**
   * Bytes of its VM's heap in use: of a task as its thread has said last, a few times a second
   * while it passes through the kernel. null where that is not known: without a tracing kernel.
   */
  readonly heapBytes: number | null;
  /** The most that its heap may be; null where that is not known. */
  readonly heapBytesMax: number | null;
}

/** One connection: who may send to whom. */
export interface ConnectionRow {
  /** pid and name of its owner. */
  readonly clientPid: number;
  readonly client: string;
  readonly coid: number;
  /** pid and name of the task behind it; 0 and "" when that is gone. */
  readonly serverPid: number;
  readonly server: string;
  /** The name it leads to, "" for none: of a server that is gone, the last known. */
  readonly service: string;
  /** When it was first seen to lead there. */
  readonly since_ms: number;
  /** The message that is under way on it: not received, or not answered yet; null for none. */
  readonly waits: "SEND" | "REPLY" | null;
  /** Its owner is in its recovery function. */
  readonly isRecovering: boolean;
  /**
   * What goes from its owner to the task behind it, on the first of their connections, and null on
   * others; null too while there is no such task, and without a tracing kernel.
   */
  readonly traffic: Traffic | null;
  /**
   * Its own calls that returned, by how long they took, as `buckets` of Traffic: since its owner
   * was started, or since it leads to another task. null without a tracing kernel, and before its
   * first call; of a task with more than 32 connections some have none.
   */
  readonly trips: readonly number[] | null;
}

/** One channel. */
export interface ChannelRow {
  readonly serverPid: number;
  readonly server: string;
  readonly chid: number;
  readonly services: readonly string[];
  /** Messages that wait to be received. */
  readonly queued: number;
  /** Pulses that wait to be received. */
  readonly pulses: number;
}

/**
 * What each task was doing since the last frame, looked at every `every_ms`: one character a look,
 * which readSample() explains. All rows are equally long, and one may be empty.
 */
export interface Samples {
  /** When the first look was. */
  readonly from_ms: number;
  readonly every_ms: number;
  /** Names, the main VM first: the index of a task that a character speaks of. */
  readonly names: readonly string[];
  readonly rows: readonly string[];
}

/** What a task was doing at one look. */
export interface Sample {
  readonly state: WatchedState;
  /** Index of the task that it waits for; -1 for none, or one that is not known. */
  readonly whom: number;
}

/** A state, or that nothing is known: nobody looked. */
export type WatchedState = TaskState | "UNKNOWN";

/** Characters of the states in which a task waits for nobody's answer. */
export const STATE_CHARS: Readonly<Record<Exclude<WatchedState, "SEND" | "REPLY">, string>> = {
  RUNNING: ".",
  IDLE: ",",
  NANOSLEEP: "z",
  RECOVERING: "r",
  RECEIVE: "-",
  STARTING: "+",
  DEAD: "x",
  HELD: "=",
  HUNG: "!",
  PAUSED: "p",
  STUCK: "#",
  STOPPED: "_",
  UNKNOWN: "?",
};

/** SEND to the n-th task is SEND_CHAR + 1 + n; SEND_CHAR itself is to one that is not known. */
const SEND_CHAR = 0x100;
/** REPLY from the n-th task likewise. */
const REPLY_CHAR = 0x400;

const STATES = new Map(
  Object.entries(STATE_CHARS).map(([state, char]) => [char, state as WatchedState]),
);

/** The character of a sample. */
export function sampleChar(state: WatchedState, whom: number): string {
  if (state === "SEND") return String.fromCharCode(SEND_CHAR + 1 + whom);
  if (state === "REPLY") return String.fromCharCode(REPLY_CHAR + 1 + whom);
  return STATE_CHARS[state];
}

/** What the character at `index` of a row says. */
export function readSample(row: string, index: number): Sample {
  const code = row.charCodeAt(index);
  if (code >= REPLY_CHAR) return { state: "REPLY", whom: code - REPLY_CHAR - 1 };
  if (code >= SEND_CHAR) return { state: "SEND", whom: code - SEND_CHAR - 1 };
  return { state: STATES.get(row.charAt(index)) ?? "UNKNOWN", whom: -1 };
}

/** One event. */
export interface Happening {
  readonly type: "event";
  readonly event: WatchEvent;
}

/** A watcher read too slowly: so many events were left out here. */
export interface Gap {
  readonly type: "gap";
  readonly events: number;
}

/** Something that happened. `number` is another one for each, and grows. */
export type WatchEvent = { readonly number: number; readonly ms: number } &
  /** "end": it has ended by itself, or as it was told. */
  (
    | { readonly what: "start" | "ready" | "end"; readonly task: string; readonly pid: number }
    | {
        readonly what: "death";
        readonly task: string;
        readonly pid: number;
        readonly cause: DeathCause;
        readonly text: string;
        readonly lifetime_ms: number;
        /** The fault plan has struck this incarnation. */
        readonly isInjected: boolean;
      }
    /** It was to be ended, and could not be. */
    | {
        readonly what: "stuck";
        readonly task: string;
        readonly pid: number;
        readonly text: string;
      }
    /** Somebody wants something done; `task` is "main" when it is about the whole board. */
    | {
        readonly what: "order";
        readonly order: string;
        readonly task: string;
        /** Who: "program", "control", "page", "faults", "ham", "manager", "reload". */
        readonly by: string;
      }
    /** A recovery function is called. */
    | {
        readonly what: "recovering";
        readonly task: string;
        readonly coid: number;
        readonly service: string;
      }
    /** It has come back: with a connection, or without. */
    | {
        readonly what: "recovered";
        readonly task: string;
        readonly coid: number;
        readonly service: string;
        readonly serverPid: number;
        readonly took_ms: number;
      }
    | {
        readonly what: "gave-up";
        readonly task: string;
        readonly coid: number;
        readonly service: string;
        readonly hasThrown: boolean;
        readonly took_ms: number;
      }
    /** These tasks wait for each other, each for the next, the last for the first. */
    | { readonly what: "deadlock"; readonly tasks: readonly string[] }
    /** It is not started again until it is released. */
    | { readonly what: "held"; readonly task: string }
    /** The board was restarted. */
    | { readonly what: "reboot"; readonly text: string }
    /** The whole system is being stopped. */
    | { readonly what: "stop" }
    | {
        readonly what: "log";
        readonly task: string;
        readonly level: LogLevel;
        readonly text: string;
      }
    /** A fault has struck: a task, a part of the simulated board, or the "board". */
    | { readonly what: "fault"; readonly fault: string; readonly target: string }
    /** A saved file: what has come of it. */
    | ({ readonly what: "reload"; readonly files: readonly string[] } & ReloadStep)
  );

/** A step of a live reload. */
export type ReloadStep =
  | { readonly step: "compiled"; readonly tasks: readonly string[]; readonly took_ms: number }
  /** These run the new code, and answer. */
  | { readonly step: "replaced"; readonly tasks: readonly string[]; readonly took_ms: number }
  /** Why the old code runs on; why the board is restarted for it; what is in force without that. */
  | { readonly step: "failed" | "restarted" | "applied"; readonly text: string }
  /** What failed is as it was before. */
  | { readonly step: "mended" };

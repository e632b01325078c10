/**
 * A board as the page is told of it, for tests of the page: a sensor, a station that asks it, and a
 * display that asks the station; or others. What a test does not say is as on a board that is well.
 */
import {
  type Frame,
  sampleChar,
  type TaskRow,
  type WatchedState,
  type WatchEvent,
  type WatchMessage,
  type Welcome,
} from "../../../../hosts/node/watch/protocol.js";
import { PLAIN } from "../fake-controllable.js";
import { Recording } from "../../../../hosts/node/page/model/recording.js";

/** Who there is, and who asks whom. */
export interface Cast {
  /** The main VM first. */
  readonly names: readonly string[];
  readonly asks: readonly (readonly [client: string, server: string])[];
}

const THREE: Cast = {
  names: ["main", "sensor", "station", "display"],
  asks: [
    ["station", "sensor"],
    ["display", "station"],
  ],
};
/** How often states are looked at, and told. */
const SAMPLE_MS = 10;
const FRAME_MS = 200;

/** What a task does, and whom it waits for. */
export type Doing = WatchedState | readonly [state: "SEND" | "REPLY" | "RECOVERING", whom: string];

/** What is to be seen at a moment: where a task is not named it waits for a message. */
export interface Scene {
  readonly doing?: Readonly<Record<string, Doing>>;
  readonly rows?: Readonly<Record<string, Partial<TaskRow>>>;
  readonly counters?: Readonly<Record<string, Partial<TaskRow["counters"]>>>;
  readonly frame?: Partial<Frame>;
}

const welcome = ({ names }: Cast) => ({
  type: "welcome",
  protocol: 3,
  pid: 4711,
  manifest: "/app/station/manifest.json",
  argument: "station/manifest.json",
  ms: 0,
  frame_ms: FRAME_MS,
  sample_ms: SAMPLE_MS,
  isTraced: false,
  layout: {},
  tasks: names.slice(1).map((name) => ({
    name,
    module: name,
    priority: 10,
    dependsOn: [],
    services: [name],
    calls: ["read"],
    heartbeat_ms: null,
    standby: false,
  })),
  regions: [
    { name: "tasks", reason: "a place each", offset: 0, bytes: 640, count: 4 },
    { name: "buffers", reason: "two a task", offset: 640, bytes: 1280, count: 8 },
  ],
  before: [],
});

function doingOf(scene: Scene, name: string): { state: WatchedState; whom: string | null } {
  const doing = scene.doing?.[name] ?? (name === "main" ? "RUNNING" : "RECEIVE");
  return typeof doing === "string"
    ? { state: doing, whom: null }
    : { state: doing[0], whom: doing[1] };
}

function rowOf({ names }: Cast, scene: Scene, name: string): TaskRow {
  const { state, whom } = doingOf(scene, name);
  const isWait = state === "SEND" || state === "REPLY";
  return {
    ...PLAIN,
    name,
    pid: 32 + names.indexOf(name),
    generation: 1,
    state: state === "UNKNOWN" ? "RECEIVE" : state,
    waitsFor: isWait && whom !== null ? { pid: 32 + names.indexOf(whom), name: whom, ms: 0 } : null,
    recovers: state === "RECOVERING" ? whom : null,
    services: name === "main" ? [] : [name],
    counters: { ...PLAIN.counters, ...scene.counters?.[name] },
    totals: { ...PLAIN.totals, ...scene.counters?.[name] },
    heapBytes: null,
    heapBytesMax: null,
    ...scene.rows?.[name],
  };
}

function frameOf(cast: Cast, scene: Scene, ms: number): Frame {
  const { names, asks } = cast;
  const empty = { used: 0, total: 8, highest: null };
  const count = FRAME_MS / SAMPLE_MS;
  return {
    type: "frame",
    ms,
    late_ms: 0,
    board: "running",
    tasks: names.map((name) => rowOf(cast, scene, name)),
    connections: asks.map(([client, server]) => ({
      clientPid: 32 + names.indexOf(client),
      client,
      coid: 0,
      serverPid: 32 + names.indexOf(server),
      server,
      service: server,
      since_ms: 0,
      waits: null,
      isRecovering: false,
      traffic: null,
      trips: null,
    })),
    channels: [],
    net: null,
    tables: {
      channels: empty,
      connections: empty,
      names: empty,
      pulses: empty,
      sharedBuffers: empty,
    },
    faults: { seed: 7, rules: [], tasks: names.slice(1), parts: [] },
    samples: {
      from_ms: ms - FRAME_MS,
      every_ms: SAMPLE_MS,
      names: names,
      rows: names.map((name) => {
        const { state, whom } = doingOf(scene, name);
        return sampleChar(state, whom === null ? -1 : names.indexOf(whom)).repeat(count);
      }),
    },
    ...scene.frame,
  } as Frame;
}

/** A recording that a test plays to. */
export class Play {
  readonly recording: Recording;
  /** All that was told, as the server would. */
  readonly messages: WatchMessage[];
  readonly #cast: Cast;
  #ms = 0;
  #number = 0;

  constructor(cast = THREE) {
    this.#cast = cast;
    const first = welcome(cast) as unknown as Welcome;
    this.messages = [first];
    this.recording = new Recording(first);
  }

  /** Where the play has come to. */
  get ms(): number {
    return this.#ms;
  }

  /** Shows a scene for some time, a multiple of FRAME_MS. */
  show(scene: Scene, duration_ms: number): this {
    for (let shown = 0; shown < duration_ms; shown += FRAME_MS) {
      this.#ms += FRAME_MS;
      this.#say(frameOf(this.#cast, scene, this.#ms));
    }
    return this;
  }

  /** Has something happen now, or so much earlier. */
  tell(event: DistributiveOmit<WatchEvent, "number" | "ms">, ago_ms = 0): this {
    const full = { ...event, number: ++this.#number, ms: this.#ms - ago_ms } as WatchEvent;
    this.#say({ type: "event", event: full });
    return this;
  }

  /** A task dies now, of being killed. */
  kill(task: string, ago_ms = 0): this {
    const pid = 32 + this.#cast.names.indexOf(task);
    const death = { pid, cause: "killed", text: "ended from outside", lifetime_ms: 1 } as const;
    return this.tell({ what: "death", task, ...death, isInjected: false }, ago_ms);
  }

  #say(message: Exclude<WatchMessage, Welcome>): void {
    this.messages.push(message);
    this.recording.add(message);
  }
}

/** Omit, from each of the members of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

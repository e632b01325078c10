/**
 * A system that a control can be opened on, made of plain data: it notes what it is told to do.
 */
import type { Controllable, HamDirectory, NetView, SystemUsage, TaskStatus } from "reattach/node";

/** A task that does nothing and to which nothing has happened. */
export const PLAIN: Omit<TaskStatus, "name"> = {
  pid: 0,
  generation: 0,
  state: "RUNNING",
  waitsFor: null,
  recovers: null,
  services: [],
  priority: 10,
  basePriority: 10,
  heartbeat: 0,
  counters: { sent: 0, received: 0, sleeps: 0, saves: 0, renotifies: 0, recoveries: 0 },
  restarts: 0,
  crashes: 0,
  totals: { sent: 0, received: 0, sleeps: 0, recoveries: 0 },
  startsIn_ms: null,
  isHeld: false,
  step: "task",
  lastDeath: null,
  watch: null,
  silent_ms: 0,
  recovering_ms: 0,
  deadlock: null,
  standby: "none",
  stableBytes: 0,
};

/** One task in each of the conditions that `ps` shows. */
export const TASKS: readonly TaskStatus[] = [
  { ...PLAIN, name: "main", pid: 16, state: "RECEIVE" },
  {
    ...PLAIN,
    name: "store",
    pid: 4113,
    generation: 12,
    state: "RECEIVE",
    priority: 20,
    restarts: 1_234,
    lastDeath: { cause: "throw", text: "RangeError: full", ago_ms: 3_100 },
    watch: { period_ms: 2_000, missed: 0 },
    standby: "ready",
    stableBytes: 2_048,
  },
  {
    ...PLAIN,
    name: "sensor",
    pid: 34,
    generation: 2,
    state: "REPLY",
    waitsFor: { pid: 4113, name: "store", ms: 120 },
    watch: { period_ms: 500, missed: 1 },
    services: ["heat", "light"],
    deadlock: ["sensor", "store"],
  },
  { ...PLAIN, name: "mixer", pid: 68, silent_ms: 12_000 },
  { ...PLAIN, name: "screen", pid: 85, state: "RECOVERING", recovers: "heat", recovering_ms: 700 },
  {
    ...PLAIN,
    name: "logger",
    pid: 51,
    state: "SEND",
    waitsFor: { pid: 34, name: "", ms: 0 },
    isHeld: true,
  },
  {
    ...PLAIN,
    name: "radio",
    state: "DEAD",
    startsIn_ms: 1_234,
    lastDeath: { cause: "hung", text: "", ago_ms: 90_000 },
    standby: "starting",
  },
  { ...PLAIN, name: "display", state: "STARTING" },
  {
    ...PLAIN,
    name: "alarm",
    state: "HELD",
    isHeld: true,
    lastDeath: { cause: "killed", text: "", ago_ms: 40 },
  },
];

export const HAM: HamDirectory = {
  name: "ham",
  info: [
    ["Ham Pid", "16"],
    ["Num Entities", "1"],
  ],
  children: [
    {
      name: "store",
      info: [["Path", "store"]],
      children: [
        {
          name: "death",
          info: [["Condition ReArm", "ON"]],
          children: [{ name: "restart", info: [["Action ReArm", "ON"]], children: [] }],
        },
        { name: "hung", info: [], children: [] },
      ],
    },
  ],
};

export const USAGE: SystemUsage = {
  channels: { used: 3, total: 8, highest: 3 },
  connections: { used: 4, total: 32, highest: 9 },
  names: { used: 2, total: 8, highest: 2 },
  pulses: { used: 0, total: 1_024, highest: null },
  sharedBuffers: { used: 0, total: 0, highest: null },
};

/** Other boards; one has a service whose name would do something to a terminal. */
export const NET: NetView = {
  board: "attic",
  isBrokerThere: true,
  boards: [
    { board: "cellar", services: ["heat", "\u001b[2Jlight\u009b"] },
    { board: "shed", services: null },
  ],
  refused: { malformed: 1_200, strange: 0 },
  exports: { calls: 7, repeats: 1, refused: 2 },
  imports: { calls: 0, retries: 0, late: 0 },
};

/** A system at rest; `does` hears of each action, and an action lasts as long as its promise. */
export function fakeControllable(
  file: string,
  does: (action: string) => unknown = () => undefined,
): Controllable {
  return {
    manifest: { file },
    view: () => [...TASKS],
    ham: () => HAM,
    usage: () => USAGE,
    connections: () => [],
    net: () => NET,
    kill: async (name) => void (await does(`kill ${name}`)),
    hang: (name) => void does(`hang ${name}`),
    hold: (name) => void does(`hold ${name}`),
    release: (name) => void does(`release ${name}`),
    reboot: async (reason) => void (await does(`reboot ${reason}`)),
    restart: async (name) => void (await does(`restart ${name}`)),
  };
}

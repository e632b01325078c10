/**
 * Every word of the arena that counts or tells time, and how it is brought to a number before a
 * conversation begins. A tidy rule holds this table against layout.ts.
 */
import * as L from "../../../src/arena/layout.js";
import { CHANNELS, CLIENT, SERVER, type Stage } from "./stage.js";

/** When a word is set: before the tasks are started, before they are connected, or after. */
type When = "made" | "started" | "connected";

export interface Row {
  readonly word: string;
  /** Where its numbers begin again, beside 2^31 and 2^32: as a power of two. */
  readonly bits: number;
  readonly when: When;
  /** Brings the word near `n`, as n events would have. */
  readonly set: (stage: Stage, n: number) => void;
}

/** Sets a word, as the arena would hold the number. */
const put = (stage: Stage, at: number, n: number): void => void (stage.words[at] = n);

/** A field of a task's record, of server and client. */
const ofTasks =
  (field: number) =>
  (stage: Stage, n: number): void => {
    for (const place of [SERVER, CLIENT]) put(stage, stage.task(place, field), n);
  };

/** How many messages the client, and the server, have sent: the sequence in all its places. */
const sent = (stage: Stage, n: number): void => {
  const high = Math.floor(n / L.SEQ_LOW_RANGE) & L.SEQ_HIGH_MASK;
  for (const place of [SERVER, CLIENT]) {
    put(
      stage,
      stage.task(place, L.SLOT_STATE),
      ((n & L.SEQ_LOW_MASK) << L.SLOT_STATE_BITS) | L.SLOT_IDLE,
    );
    put(stage, stage.task(place, L.SLOT_SEQ_HIGH), high);
  }
};
/** n times 2^29 messages, less one: the next is the first of another high part. */
const sentHigh = (stage: Stage, n: number): void => {
  sent(stage, (n & L.SEQ_HIGH_MASK) * L.SEQ_LOW_RANGE + L.SEQ_LOW_RANGE - 2);
};

/** Incarnations of a channel: of all, as any may be opened. */
const openings = (stage: Stage, n: number): void => {
  const words = stage.words[L.HEAD_CHANNEL_WORDS]!;
  for (let i = 0; i < CHANNELS; i++) {
    put(stage, stage.channel(L.CHANNEL_LIFE) + i * words, (n << L.LIFE_BITS) | L.LIFE_FREE);
  }
};
const incarnations = (stage: Stage, n: number): void => {
  for (let place = 1; place <= 3; place++) {
    const generation = n & L.TASK_GENERATION_MASK || 1;
    put(stage, stage.task(place, L.TASK_LIFE), (generation << L.LIFE_BITS) | L.LIFE_FREE);
  }
};
const tickets = (stage: Stage, n: number): void => put(stage, stage.channel(L.CHANNEL_TICKET), n);
const serials = (stage: Stage, n: number): void => {
  for (let i = 0; i < 4; i++) {
    put(stage, stage.entry(i, L.CONNECTION_SERIAL), n & L.SCOID_SERIAL_MASK);
  }
};
/** Times: the clock stands so far from the boot; main has kept it. */
const time = (stage: Stage, n: number): void => {
  stage.now_ms += n;
  put(stage, L.HEAD_HALVES, Math.floor(n / 2 ** 31));
};

export const ROWS: readonly Row[] = [
  { word: "HEAD_HALVES", bits: 31, when: "made", set: time },
  { word: "HEAD_TRACE", bits: 32, when: "made", set: (stage, n) => put(stage, L.HEAD_TRACE, n) },
  {
    word: "HEAD_BOOT_MS",
    bits: 32,
    when: "made",
    // The host's clock shows n: the boot was when it did.
    set: (stage, n) => {
      put(stage, L.HEAD_BOOT_MS, n);
      stage.now_ms = n;
    },
  },
  { word: "TASK_LIFE", bits: 21, when: "made", set: incarnations },
  { word: "TASK_BELL", bits: 32, when: "made", set: ofTasks(L.TASK_BELL) },
  { word: "TASK_SLEEP", bits: 31, when: "started", set: ofTasks(L.TASK_SLEEPS) },
  { word: "TASK_BASE_PRIORITY", bits: 15, when: "made", set: sentHigh },
  {
    word: "TASK_SINCE",
    bits: 32,
    when: "connected",
    set: (stage, n) => {
      ofTasks(L.TASK_SINCE)(stage, stage.now_ms | 1);
      time(stage, n);
    },
  },
  { word: "TASK_SLEEPS", bits: 32, when: "started", set: ofTasks(L.TASK_SLEEPS) },
  { word: "TASK_SAVES", bits: 32, when: "started", set: ofTasks(L.TASK_SAVES) },
  { word: "TASK_RENOTIFIES", bits: 32, when: "started", set: ofTasks(L.TASK_RENOTIFIES) },
  { word: "TASK_RECOVERIES", bits: 32, when: "started", set: ofTasks(L.TASK_RECOVERIES) },
  { word: "TASK_FIRST_SEQ", bits: 29, when: "made", set: sent },
  {
    word: "TASK_STAGE",
    bits: 32 - L.BEATS_SHIFT,
    when: "started",
    set: (stage, n) => ofTasks(L.TASK_STAGE)(stage, (n << L.BEATS_SHIFT) | L.STAGE_RUNNING),
  },
  { word: "TASK_WOKEN", bits: 32, when: "started", set: ofTasks(L.TASK_WOKEN) },
  { word: "SLOT_FIRST", bits: 29, when: "connected", set: sent },
  { word: "SLOT_STATE", bits: 29, when: "connected", set: sent },
  { word: "SLOT_SEQ_HIGH", bits: 15, when: "made", set: sentHigh },
  { word: "SLOT_CHANNEL_LIFE", bits: 30, when: "started", set: openings },
  { word: "SLOT_TICKET", bits: 32, when: "started", set: tickets },
  { word: "TASK_RECEIVED", bits: 32, when: "started", set: ofTasks(L.TASK_RECEIVED) },
  {
    word: "TASK_SPIN_REST",
    bits: 32,
    when: "started",
    set: (stage, n) => {
      ofTasks(L.TASK_SLEEPS)(stage, n);
      ofTasks(L.TASK_SPIN_REST)(stage, n - 64);
    },
  },
  { word: "CHANNEL_LIFE", bits: 30, when: "made", set: openings },
  { word: "CHANNEL_TICKET", bits: 32, when: "connected", set: tickets },
  { word: "PULSE_STATE", bits: 31, when: "connected", set: tickets },
  { word: "CONNECTION_SERIAL", bits: 20, when: "made", set: serials },
  { word: "CONNECTION_CHANNEL_LIFE", bits: 30, when: "started", set: openings },
  { word: "NAME_CHANNEL_LIFE", bits: 30, when: "started", set: openings },
  {
    word: "NAME_LENGTH",
    bits: 24,
    when: "made",
    set: (stage, n) => {
      for (let i = 0; i < 2; i++) put(stage, stage.name(i, L.NAME_LENGTH), n << 8);
    },
  },
  {
    word: "STABLE_LAST",
    bits: 15,
    when: "made",
    set: (stage, n) => {
      // Of the server: the first of the regions.
      put(stage, stage.words[L.HEAD_STABLE_AT]! + L.STABLE_LAST, n << L.STABLE_LENGTH_BITS);
    },
  },
  {
    word: "TRACE_NUMBER",
    bits: 32,
    when: "started",
    set: (stage, n) => put(stage, L.HEAD_TRACE, n),
  },
  { word: "TRACE_MS", bits: 32, when: "connected", set: time },
];

/** Words that neither count nor tell time: states, addresses, lengths, bits. */
export const PLAIN: readonly string[] = [
  "HEAD_MAGIC",
  "HEAD_BYTES",
  "HEAD_TASKS",
  "HEAD_CHANNELS",
  "HEAD_CONNECTIONS",
  "HEAD_NAMES",
  "HEAD_MESSAGE_BYTES",
  "HEAD_PULSES",
  "HEAD_TRACE_RECORDS",
  "HEAD_STABLE_BYTES",
  "HEAD_SHARED_BUFFERS",
  "HEAD_SHARED_BYTES",
  "HEAD_PLACES",
  "HEAD_CHANNELS_AT",
  "HEAD_CHANNEL_WORDS",
  "HEAD_PENDING_WORDS",
  "HEAD_PULSES_AT",
  "HEAD_CONNECTIONS_AT",
  "HEAD_NAMES_AT",
  "HEAD_SHARED_OWNERS_AT",
  "HEAD_STABLE_AT",
  "HEAD_TRACE_AT",
  "HEAD_BUFFERS_AT_BYTE",
  "HEAD_BUFFER_STRIDE",
  "HEAD_SHARED_AT_BYTE",
  "HEAD_SHARED_STRIDE",
  "HEAD_MANAGER_AT",
  "HEAD_SPARES_AT",
  "HEAD_STABLE_INDEX_AT",
  "TASK_POISON",
  "TASK_PRIORITY",
  "TASK_CLAIMING",
  "TASK_SPIN",
  "SLOT_CHANNEL",
  "SLOT_CONNECTION",
  "SLOT_SENT",
  "SLOT_ROOM",
  "SLOT_SEND_AT",
  "SLOT_REPLY_AT",
  "SLOT_FLAGS",
  "SLOT_STATUS",
  "SLOT_WRITTEN",
  "CHANNEL_OWNER",
  "CHANNEL_FLAGS",
  "CHANNEL_NOTICE",
  "CHANNEL_WAITING",
  "CHANNEL_PENDING",
  "PULSE_CODE",
  "PULSE_VALUE",
  "PULSE_SCOID",
  "CONNECTION_OWNER",
  "CONNECTION_CHANNEL",
  "CONNECTION_COID",
  "CONNECTION_ROOT",
  "NAME_OWNER",
  "NAME_STATE",
  "NAME_CHANNEL",
  "NAME_TEXT",
  "STABLE_INDEX_AT",
  "STABLE_INDEX_BYTES",
  "TRACE_EVENT",
  "TRACE_VALUE",
];

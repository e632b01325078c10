/**
 * Names for the words of an arena, for people who read a replay: "client.SLOT_STATE".
 */
import * as L from "../../../src/arena/layout.js";

/** Names of the fields of a record, by offset: constants of layout.ts with these beginnings. */
function fieldsOf(beginnings: readonly string[], last: number): readonly string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(L)) {
    if (typeof value !== "number" || value > last) continue;
    const isField = beginnings.some((beginning) => name.startsWith(beginning));
    if (isField && !/_(MASK|BITS|SHIFT|WORDS|AT|MAX|BYTES_MAX)$/.test(name)) names[value] ??= name;
  }
  return names;
}

const TASK_FIELDS: readonly string[] = fieldsOf(["TASK_"], L.SLOT_STATE - 1);
const CHANNEL_FIELDS = fieldsOf(["CHANNEL_"], L.CHANNEL_PENDING);
const CONNECTION_FIELDS = fieldsOf(["CONNECTION_"], L.CONNECTION_ROOT);
const NAME_FIELDS = fieldsOf(["NAME_"], L.NAME_TEXT);
const PULSE_FIELDS = fieldsOf(["PULSE_"], L.PULSE_SCOID);
/** The transfer slot, which has values of its states among its constants. */
const SLOT_FIELDS: Readonly<Record<number, string>> = {
  [L.SLOT_STATE]: "SLOT_STATE",
  [L.SLOT_SEQ_HIGH]: "SLOT_SEQ_HIGH",
  [L.SLOT_CHANNEL]: "SLOT_CHANNEL",
  [L.SLOT_CHANNEL_LIFE]: "SLOT_CHANNEL_LIFE",
  [L.SLOT_CONNECTION]: "SLOT_CONNECTION",
  [L.SLOT_TICKET]: "SLOT_TICKET",
  [L.SLOT_SENT]: "SLOT_SENT",
  [L.SLOT_ROOM]: "SLOT_ROOM",
  [L.SLOT_SEND_AT]: "SLOT_SEND_AT",
  [L.SLOT_REPLY_AT]: "SLOT_REPLY_AT",
  [L.SLOT_FLAGS]: "SLOT_FLAGS",
  [L.SLOT_STATUS]: "SLOT_STATUS",
  [L.SLOT_WRITTEN]: "SLOT_WRITTEN",
  [L.SLOT_FIRST]: "SLOT_FIRST",
};

interface Region {
  readonly at: number;
  readonly stride: number;
  readonly record: string;
  readonly fields: Readonly<Record<number, string>>;
}

function regionsOf(words: Int32Array): readonly Region[] {
  const region = (
    head: number,
    stride: number,
    record: string,
    fields: Readonly<Record<number, string>>,
  ): Region => ({ at: words[head]!, stride, record, fields });
  const channelWords = words[L.HEAD_CHANNEL_WORDS]!;
  const waitersAt = words[L.HEAD_NAMES_AT]! - words[L.HEAD_PENDING_WORDS]!;
  const tasks = { ...TASK_FIELDS, ...SLOT_FIELDS };
  return [
    { at: 0, stride: L.HEAD_WORDS, record: "header", fields: {} },
    { at: L.TASKS_AT, stride: L.TASK_WORDS, record: "task", fields: tasks },
    region(L.HEAD_CHANNELS_AT, channelWords, "channel", CHANNEL_FIELDS),
    region(L.HEAD_PULSES_AT, L.PULSE_WORDS, "pulse", PULSE_FIELDS),
    region(L.HEAD_CONNECTIONS_AT, L.CONNECTION_WORDS, "connection", CONNECTION_FIELDS),
    { at: waitersAt, stride: 0x1000, record: "name waiters", fields: {} },
    region(L.HEAD_NAMES_AT, L.NAME_WORDS, "name", NAME_FIELDS),
    region(L.HEAD_STABLE_AT, 0x1000, "stable", {}),
    region(L.HEAD_SPARES_AT, 1, "spare", {}),
    region(L.HEAD_TRACE_AT, L.TRACE_WORDS, "trace", {}),
    { at: words[L.HEAD_BUFFERS_AT_BYTE]! >> 2, stride: 0x1000, record: "buffers", fields: {} },
  ].sort((a, b) => a.at - b.at);
}

/** What a word of this arena is called; "the clock" for none of it. */
export function nameOfWord(words: Int32Array, at: number): string {
  if (at < 0) return "the clock";
  const region = regionsOf(words)
    .filter((some) => some.at <= at)
    .pop();
  if (region === undefined) return `word ${at}`;
  const offset = (at - region.at) % region.stride;
  const index = Math.floor((at - region.at) / region.stride);
  return `${region.record} ${index} ${region.fields[offset] ?? `+${offset}`}`;
}

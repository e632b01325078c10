/**
 * The layout's records: no two fields share a word, no two flags a bit.
 */
import test from "tape";
import * as L from "../../../src/arena/layout.js";

/** The constants of a record: those with this prefix that are offsets, and its length. */
const RECORDS: readonly (readonly [string, readonly string[], number])[] = [
  ["HEAD_", ["WORDS", "LIMITS"], L.HEAD_WORDS],
  ["CHANNEL_", ["GENERATION_MASK"], L.CHANNEL_PENDING + 1],
  ["PULSE_", ["WORDS"], L.PULSE_WORDS],
  ["NAME_", ["WORDS", "BYTES_MAX", "LENGTH_MASK"], L.NAME_WORDS],
  ["TRACE_", ["WORDS"], L.TRACE_WORDS],
];

const table = L as unknown as Record<string, unknown>;

function offsets(prefix: string, except: readonly string[]): number[] {
  return Object.keys(table)
    .filter((name) => name.startsWith(prefix) && !except.includes(name.slice(prefix.length)))
    .map((name) => table[name] as number);
}

/** Names of TASK_ and SLOT_ constants that are no offsets. */
const NO_FIELDS =
  /_(WORDS|SHIFT|MASK|BITS)$|^SLOT_FLAG_|^SLOT_(IDLE|SEND|REPLY|CLAIMED|DONE|GONE|EXPIRED)$/;

for (const [prefix, except, words] of RECORDS) {
  test(`layout: the fields of a ${prefix} record do not overlap and lie inside it`, (t) => {
    const found = offsets(prefix, except);
    t.ok(found.length > 2, "there are fields");
    t.equal(new Set(found).size, found.length, "each has a word of its own");
    t.ok(Math.min(...found) === 0 && Math.max(...found) < words, "inside the record");
    t.end();
  });
}

test("layout: the fields of a task and its slot do not overlap and lie inside the record", (t) => {
  const found = Object.keys(table)
    .filter((name) => /^(TASK|SLOT)_/.test(name) && !NO_FIELDS.test(name))
    .map((name) => table[name] as number);
  t.ok(found.length > 20, "there are fields");
  t.equal(new Set(found).size, found.length, "each has a word of its own");
  t.ok(Math.min(...found) === 0 && Math.max(...found) < L.TASK_WORDS, "inside the record");
  t.end();
});

test("layout: the fields of a connection do not overlap and lie inside it", (t) => {
  const found = [
    L.CONNECTION_OWNER,
    L.CONNECTION_SERIAL,
    L.CONNECTION_CHANNEL,
    L.CONNECTION_CHANNEL_LIFE,
    L.CONNECTION_COID,
    L.CONNECTION_ROOT,
  ];
  t.equal(new Set(found).size, L.CONNECTION_WORDS, "each has a word of its own, and none is idle");
  t.ok(Math.max(...found) < L.CONNECTION_WORDS, "inside the record");
  t.end();
});

test("layout: flags and parts of one word do not share bits", (t) => {
  const words = [
    [L.CONNECTION_NUMBER_MASK, L.CONNECTION_FLAGS_MASK, L.CONNECTION_DEATH_TOLD, L.CONNECTION_SIDE],
    [L.SLOT_FLAG_UNBLOCK, L.SLOT_FLAG_UNBLOCK_TOLD, L.SLOT_FLAG_NO_REPLY_WAIT, L.SLOT_FLAG_TIMED],
    [L.NOTICE_UNBLOCK, L.NOTICE_DISCONNECT, L.NOTICE_COIDDEATH],
  ];
  for (const parts of words) {
    const sum = parts.reduce((all, part) => all + part, 0);
    const union = parts.reduce((all, part) => all | part, 0);
    t.equal(union, sum, `${parts.map((part) => part.toString(16)).join(" ")}`);
  }
  const pidMax = L.TASK_GENERATION_MASK * 2 ** L.PID_INDEX_BITS + L.PID_INDEX_MASK;
  t.ok(pidMax < L.PID_TOLD && pidMax + L.PID_TOLD < 2 ** 31, "a pid and PID_TOLD fit in a word");
  const scoidMax = L.SCOID_SERIAL_MASK * 2 ** L.SCOID_INDEX_BITS + L.SCOID_INDEX_MASK;
  t.ok(scoidMax < 2 ** 32, "a scoid is an unsigned word");
  const chidMax = (L.CHANNEL_GENERATION_MASK + 1) * L.CHID_RANGE;
  t.ok(Number.isSafeInteger(chidMax), "a chid is a whole number");
  t.end();
});

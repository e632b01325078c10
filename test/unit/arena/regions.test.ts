/**
 * The regions of the arena: one after the other, for any limits.
 */
import * as fc from "fast-check";
import test from "tape";
import { layoutIn } from "../../../src/arena/arena.js";
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { ChannelCreate } from "../../../src/kernel/channel/channel.js";
import { ARENA_BYTES_MAX, DEFAULT_LIMITS, type Limits } from "../../../src/arena/limits.js";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { _NTO_COF_NOSHARE } from "../../../src/kernel/connection/connection.js";
import { EAGAIN } from "../../../src/kernel/errno.js";
import { TASK_WORDS, WORD_BYTES } from "../../../src/arena/layout.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import { checkArenaBytes, describeRegions, layoutOf } from "../../../src/arena/regions.js";
import { sendBufferAt } from "../../../src/arena/vm.js";
import { check, seeded } from "../kernel/seed.js";
import { as, Bench } from "../kernel/vms.js";

/** 256 tasks with 64 channels each, 4,096 connections, 64 KiB messages. */
const LARGE: Limits = {
  ...DEFAULT_LIMITS,
  tasks: 256,
  channels: 16_384,
  connections: 4_096,
  names: 1_024,
  messageBytes: 65_536,
  pulses: 4,
};

const anyLimits: fc.Arbitrary<Limits> = fc.record({
  tasks: fc.integer({ min: 1, max: 511 }),
  channels: fc.integer({ min: 1, max: 16_384 }),
  connections: fc.integer({ min: 1, max: 4_096 }),
  names: fc.integer({ min: 0, max: 1_024 }),
  messageBytes: fc.integer({ min: 24, max: 65_536 }),
  pulses: fc.integer({ min: 1, max: 1_024 }),
  trace: fc.integer({ min: 0, max: 65_536 }),
  stableBytes: fc.integer({ min: 0, max: 65_536 }),
  sharedBuffers: fc.integer({ min: 0, max: 256 }),
  sharedBytes: fc.integer({ min: 0, max: 1_048_576 }),
});

/** What is wrong with the layout of these limits: nothing, or a sentence. */
function flaw(limits: Limits): string {
  let end = 0;
  for (const { name, offset, bytes } of describeRegions(limits)) {
    if (offset !== end) return `${name} begins at ${offset}, the one before ends at ${end}`;
    if (bytes < 0 || bytes % WORD_BYTES !== 0) return `${name} has ${bytes} bytes`;
    end = offset + bytes;
  }
  const layout = layoutOf(limits);
  if (layout.totalBytes !== end) return `${layout.totalBytes} bytes in all, ${end} in the regions`;
  const starts: Record<string, number> = {
    tasks: layout.tasksAt * WORD_BYTES,
    channels: layout.channelsAt * WORD_BYTES,
    pulses: layout.pulsesAt * WORD_BYTES,
    connections: layout.connectionsAt * WORD_BYTES,
    "name waiters": (layout.namesAt - layout.pendingWords) * WORD_BYTES,
    names: layout.namesAt * WORD_BYTES,
    "shared owners": layout.sharedOwnersAt * WORD_BYTES,
    "stable index": (layout.stableIndexAt || layout.stableAt) * WORD_BYTES,
    stable: layout.stableAt * WORD_BYTES,
    spares: layout.sparesAt * WORD_BYTES,
    trace: layout.traceAt * WORD_BYTES,
    buffers: layout.buffersAtByte,
    shared: layout.sharedAtByte,
  };
  const wrong = describeRegions(limits).find(
    ({ name, offset }) => name !== "header" && starts[name] !== offset,
  );
  return wrong === undefined ? "" : `${wrong.name} is not where the layout says`;
}

test("regions: the default arena fits in 8 KiB", (t) => {
  t.ok(
    layoutOf(DEFAULT_LIMITS).totalBytes <= 8_192,
    `${layoutOf(DEFAULT_LIMITS).totalBytes} bytes`,
  );
  t.end();
});

test(seeded("regions: contiguous, in words, and summed up right for any limits"), (t) => {
  check(fc.property(anyLimits, (limits) => flaw(limits) === ""));
  for (const limits of [DEFAULT_LIMITS, LARGE]) t.equal(flaw(limits), "", "chosen limits");
  t.end();
});

test(seeded("regions: each buffer of each task lies inside the region, beside the others"), (t) => {
  check(
    fc.property(anyLimits, (limits) => {
      const { bufferStride, buffersAtByte, places, sharedAtByte } = layoutOf(limits);
      if (bufferStride < limits.messageBytes || bufferStride % WORD_BYTES !== 0) return false;
      return buffersAtByte + places * 2 * bufferStride === sharedAtByte;
    }),
  );
  const bench = new Bench({ tasks: 3, messageBytes: 25 });
  const { tasksAt, bufferStride, buffersAtByte } = layoutIn(bench.main.words);
  as(bench.main, () => {
    for (let i = 0; i < 4; i++) {
      const at = sendBufferAt(tasksAt + i * TASK_WORDS);
      t.equal(at, buffersAtByte + 2 * i * bufferStride, `task ${i}`);
    }
  });
  t.end();
});

test("regions: limits that need more than ARENA_BYTES_MAX are a problem", (t) => {
  const most = { ...LARGE, sharedBuffers: 256, sharedBytes: 1_048_576, stableBytes: 65_536 };
  const problems: string[] = [];
  checkArenaBytes(layoutOf(LARGE), problems);
  t.deepEqual(problems, [], "the large one is allowed");
  const tooLarge = layoutOf({ ...most, tasks: 511, messageBytes: 1_048_576 });
  t.ok(tooLarge.totalBytes > ARENA_BYTES_MAX, "this one is too large");
  checkArenaBytes(tooLarge, problems, "here");
  t.deepEqual(
    problems,
    [`here: together they need ${tooLarge.totalBytes} bytes, allowed are ${ARENA_BYTES_MAX}`],
    "one sentence",
  );
  t.end();
});

test("regions: 256 tasks, 64 channels each, 4,096 connections and 64 KiB messages work", (t) => {
  const bench = new Bench(LARGE);
  const server = bench.start(256);
  const client = bench.start(255);
  const chids = as(server, () => Array.from({ length: 64 }, () => ChannelCreate(0)));
  t.equal(new Set(chids).size, 64, "64 channels of the last task");
  const chid = chids[63]!;
  const coids = as(client, () => {
    const attach = (): number => ConnectAttach(0, server.pid, chid, 0, _NTO_COF_NOSHARE);
    return Array.from({ length: 4_096 }, attach);
  });
  t.equal(coids[4_095], 4_095, "4,096 connections of the last but one");
  const message = Uint8Array.from({ length: 65_536 }, (_, i) => i % 253);
  const reply = new Uint8Array(65_536);
  let status = -1;
  const done = (result: number): void => void (status = result);
  as(client, () => sendAsync(4_095, message, 65_536, reply, 65_536, done));
  const received = new Uint8Array(65_536);
  const rcvid = as(server, () => MsgReceive(chid, received, 65_536, null));
  t.ok(rcvid > 0, "a message");
  t.ok(
    received.every((byte, i) => byte === message[i]),
    "arrives whole",
  );
  t.equal(
    as(server, () => MsgReply(rcvid, 1, received.reverse(), 65_536)),
    0,
    "answered",
  );
  as(client, pollSend);
  t.equal(status, 1, "the status");
  t.ok(
    reply.every((byte, i) => byte === message[65_535 - i]),
    "and the reply arrive",
  );
  t.equal(
    as(bench.main, () => ConnectAttach(0, server.pid, chid, 0, 0)),
    -EAGAIN,
    "none is left",
  );
  t.end();
});

/**
 * An arena as a task may find it: whose record, channels and connections it has, and how others
 * disturb them between two calls. What is disturbed is right most of the time, nearly right often,
 * and now and then nonsense.
 */
import { script } from "./scripted.js";
import { attachArena } from "../../../src/arena/arena.js";
import * as L from "../../../src/arena/layout.js";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import type { HostPort } from "../../../src/host.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import { _NTO_CHF_FIXED_PRIORITY, ChannelCreate } from "../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { entryOf } from "../../../src/kernel/connection/connection.js";
import { createArena } from "../../../src/kernel/task/boot.js";
import { claimTask } from "../../../src/kernel/task/task.js";
import * as R from "../../../src/kernel/trace/ring.js";
import type { Dice } from "../hostile/dice.js";
import type { Write } from "./wire.js";

const MESSAGE_BYTES = 32;
const RING_RECORDS = 16;
export const RING_WORDS = R.RING_WORDS + (RING_RECORDS << R.RECORD_SHIFT);
const RING_BYTES = RING_WORDS * 4;
const GARBAGE = [0, 1, -1, 3, 0x7fff_ffff, -0x8000_0000, 1_000_000] as const;

export interface TestPort extends HostPort {
  spinMax: number;
}

export interface World {
  readonly vm: Vm;
  readonly port: TestPort;
  /** The arena as it was made. */
  readonly fresh: Int32Array;
  readonly me: number;
  /** Addresses of the other tasks' records that take part. */
  readonly others: readonly number[];
  /** Channels of this task, and those that it is connected to: chids and addresses. */
  readonly chids: readonly number[];
  readonly channels: readonly number[];
  readonly coids: readonly number[];
  /** Address of its ring, in the region of stable state, which messages leave alone. */
  readonly ringAt: number;
  readonly entries: readonly number[];
}

function createPort(): TestPort {
  return {
    mayBlock: true,
    spinMax: 0,
    sliceMin_ms: 2,
    manager: null,
    log: () => {},
    now: () => script.ticks,
    copy(target, at, source, start, count) {
      target.set(source.subarray(start, start + count), at);
    },
  };
}

/** Makes one with so many tasks, of which the third is this one. */
export function createWorld(tasks: number): World {
  const small = {
    channels: 5,
    connections: 6,
    names: 1,
    pulses: 2,
    trace: 2,
    stableBytes: RING_BYTES,
  };
  const limits = { ...DEFAULT_LIMITS, ...small, tasks, messageBytes: MESSAGE_BYTES };
  const port = createPort();
  const { words } = createArena(limits, { ...port, mayBlock: false });
  const arena = words.buffer as SharedArrayBuffer;
  const last = tasks;
  const others = [1, 2, last].map((index) => attachArena(arena, port, claimTask(index, 10)));
  const far = [others[0]!, others[2]!].map((vm) => {
    use(vm);
    return { pid: vm.pid, chid: ChannelCreate(0) };
  });
  const vm = attachArena(arena, port, claimTask(3, 12));
  const chids = [ChannelCreate(0), ChannelCreate(_NTO_CHF_FIXED_PRIORITY)];
  const targets = [...far, { pid: vm.pid, chid: chids[0]! }];
  const coids = targets.map(({ pid, chid }) => ConnectAttach(0, pid, chid, 0, 0));
  coids.push(ConnectAttach(0, far[0]!.pid, far[0]!.chid, L.CONNECTION_SIDE, 0));
  const entries = coids.map(entryOf);
  const channelOf = (entry: number): number => words[entry + L.CONNECTION_CHANNEL]!;
  const first = words[L.HEAD_CHANNELS_AT]!;
  const size = words[L.HEAD_CHANNEL_WORDS]!;
  const mine = chids.map((chid) => first + ((chid - 1) % L.CHID_RANGE) * size);
  return {
    vm,
    port,
    fresh: words.slice(),
    ringAt: words[L.HEAD_STABLE_AT]!,
    me: vm.me,
    others: others.map(({ me }) => me),
    chids,
    channels: [...mine, channelOf(entries[0]!), channelOf(entries[1]!)],
    coids,
    entries,
  };
}

/** Nearly always the first. */
export function mostly(dice: Dice, usual: number, ...others: readonly number[]): number {
  return dice.once(20) ? dice.pick(others.length === 0 ? GARBAGE : others) : usual;
}

/** A state word with this kind, most of the time. */
function stateOf(dice: Dice, kind: number): number {
  const low = mostly(dice, 1 + dice.roll(1_000), 0, L.SEQ_LOW_MASK);
  return (low << L.SLOT_STATE_BITS) | mostly(dice, kind, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** The record of another task, as a sender's or as that of a client that waits for its reply. */
export function disturbTask(dice: Dice, world: World, task: number, kind: number): Write[] {
  const { fresh } = world;
  const own = world.channels.slice(0, 2);
  const channel = mostly(dice, dice.pick(own), ...world.channels, 0, own[0]! + 1);
  const life = fresh[world.channels.includes(channel) ? channel + L.CHANNEL_LIFE : 0]!;
  const slot: readonly Write[] = [
    [L.SLOT_STATE, stateOf(dice, kind)],
    [L.SLOT_SEQ_HIGH, mostly(dice, 0, 1, 77, L.SEQ_HIGH_MASK, -1)],
    [L.SLOT_CHANNEL, channel],
    [L.SLOT_CHANNEL_LIFE, mostly(dice, life, 3)],
    [L.SLOT_CONNECTION, mostly(dice, dice.pick(world.entries))],
    [L.SLOT_TICKET, mostly(dice, dice.roll(8))],
    [L.SLOT_SENT, mostly(dice, dice.roll(MESSAGE_BYTES + 1), 0, 33, -1, 100)],
    [L.SLOT_ROOM, mostly(dice, dice.roll(MESSAGE_BYTES + 1), 0, -1, 40)],
    [L.SLOT_REPLY_AT, mostly(dice, 0, 64)],
    [L.SLOT_FLAGS, mostly(dice, 0, 1, 3, 4, 8, 12, 16, 24)],
    [L.SLOT_WRITTEN, mostly(dice, 0, dice.roll(33), -5)],
    [L.SLOT_FIRST, mostly(dice, 0, 9, 0x7fff_fff9, -1)],
    [L.TASK_PRIORITY, mostly(dice, dice.pick([10, 12, 20]), 1, 63, 64, -3)],
    [L.TASK_SLEEP, dice.pick([0, 5])],
    [L.TASK_WOKEN, dice.pick([0, 5])],
    [L.TASK_CLAIMING, mostly(dice, 0, world.me)],
    [L.TASK_LIFE, mostly(dice, fresh[task]!, (fresh[task]! & ~3) | L.LIFE_DEAD)],
  ];
  return slot.map(([field, value]) => [task + field, value] as const);
}

/** What concerns this task itself. */
export function disturbOwn(dice: Dice, { me, entries, fresh }: World): Write[] {
  const writes: Write[] = [
    [me + L.TASK_BELL, dice.roll(9)],
    [me + L.TASK_PRIORITY, mostly(dice, 12, 10, 70, 0)],
    [me + L.TASK_SINCE, mostly(dice, 0, 7, -900)],
    [me + L.TASK_SPIN, mostly(dice, 0, 2, 64, 1_000, -1)],
    [me + L.TASK_SPIN_REST, mostly(dice, 0, 100, -100)],
    [me + L.TASK_SLEEPS, mostly(dice, dice.roll(200), -1)],
    [me + L.TASK_WOKEN, mostly(dice, 0)],
    [me + L.TASK_POISON, mostly(dice, 0, 0, 0, 0, L.POISON_STOP)],
    [me + L.SLOT_WRITTEN, dice.pick([0, 9])],
    [me + L.SLOT_STATE, mostly(dice, dice.roll(50), L.SEQ_LOW_MASK) << L.SLOT_STATE_BITS],
  ];
  const entry = dice.pick(entries);
  const field = dice.roll(L.CONNECTION_WORDS);
  writes.push([entry + field, mostly(dice, fresh[entry + field]!)]);
  return writes;
}

/** What a channel says. `senders`: bits of tasks that may have sent. */
export function disturbChannel(
  dice: Dice,
  world: World,
  channel: number,
  senders: number,
): Write[] {
  const { fresh } = world;
  return [
    [channel + L.CHANNEL_LIFE, mostly(dice, fresh[channel + L.CHANNEL_LIFE]!, 2, 6)],
    [channel + L.CHANNEL_OWNER, mostly(dice, fresh[channel + L.CHANNEL_OWNER]!)],
    [channel + L.CHANNEL_FLAGS, mostly(dice, fresh[channel + L.CHANNEL_FLAGS]!, 0, 1, 2)],
    [channel + L.CHANNEL_TICKET, mostly(dice, dice.roll(100))],
    [channel + L.CHANNEL_NOTICE, mostly(dice, 0, L.NOTICE_PULSE, L.NOTICE_UNBLOCK)],
    [channel + L.CHANNEL_WAITING, dice.pick([0, 1])],
    [channel + L.CHANNEL_PENDING, mostly(dice, senders, senders | (1 << 20), -1)],
  ];
}

/** A ring that has been in use for some time: also near the end of its numbers. */
export function chooseRing(dice: Dice, { ringAt }: World): Write[] {
  return [
    [ringAt + R.RING_MASK, RING_RECORDS - 1],
    [ringAt + R.RING_LAST, dice.pick([0, 5, 0x7fff_fff0, -9])],
    [ringAt + R.RING_HIGH, dice.pick([0, 1, 7, -1])],
  ];
}

/** A time of the clock of a trace: most are in two of its ranges. */
export function chooseTime(dice: Dice): number {
  const range = dice.pick([0, 1, 1, 1, 7, 0x1f_ffff]);
  return range * R.TIME_RANGE + dice.pick([0, 5, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]);
}

/**
 * A random call, and what others do while it waits.
 */
import * as L from "../../../src/arena/layout.js";
import type { Dice } from "../hostile/dice.js";
import type { Script } from "./scripted.js";
import type { Request, Step, Write } from "./wire.js";
import { BYTES } from "./wire.js";
import { mostly, type World } from "./world.js";

/** What is called, with which arguments, and what is played meanwhile. */
export type Call = Pick<
  Request,
  "op" | "id" | "number" | "count" | "room" | "hasInfo" | "message" | keyof Script
>;

/** An end of the message that is sent now, or something on the way there. */
function progress(dice: Dice, { me, vm }: World, sends: number): Write[] {
  const low = ((vm.words[me + L.SLOT_STATE]! >>> L.SLOT_STATE_BITS) + sends) & L.SEQ_LOW_MASK;
  const kind = mostly(dice, L.SLOT_DONE, L.SLOT_GONE, L.SLOT_EXPIRED, L.SLOT_REPLY, L.SLOT_CLAIMED);
  return [
    [me + L.SLOT_STATE, (low << L.SLOT_STATE_BITS) | kind],
    [me + L.SLOT_STATUS, mostly(dice, dice.roll(100), -5, -91)],
    [me + L.SLOT_WRITTEN, mostly(dice, dice.roll(33), 0, 33)],
  ];
}

/** Somebody comes to one of the own channels. */
function arrival(dice: Dice, { channels, others }: World): Write[] {
  const index = (dice.pick(others) - L.TASKS_AT) >> L.TASK_SHIFT;
  const word = L.CHANNEL_PENDING + (index >> 5);
  return channels.slice(0, 2).flatMap((channel) => [
    [channel + word, mostly(dice, 1 << (index & 31), 2, -1)],
    [channel + L.CHANNEL_NOTICE, mostly(dice, 0, 0, L.NOTICE_PULSE)],
  ]);
}

function stepsOf(dice: Dice, world: World, op: number): Step[] {
  const { me, channels } = world;
  const steps: Step[] = [];
  for (let i = dice.roll(4); i >= 0; i--) {
    const writes: Write[] = [];
    if (dice.roll(3) !== 0) {
      writes.push(
        ...(op === 0 ? progress(dice, world, dice.once(6) ? 2 : 1) : arrival(dice, world)),
      );
    }
    if (dice.roll(4) !== 0) writes.push([me + L.TASK_BELL, 100 + i]);
    if (dice.once(40)) writes.push([me + L.TASK_POISON, L.POISON_STOP]);
    // Of a foreign one: the own channels are closed by this task alone.
    if (dice.once(20)) writes.push([dice.pick(channels.slice(2)) + L.CHANNEL_LIFE, 2]);
    steps.push({ isOver: dice.roll(3) === 0, writes });
  }
  return steps;
}

/** What another VM may do between any two operations: it sends, gives up, answers, or is closed. */
function interruptOf(dice: Dice, world: World): Write[] {
  const { me, vm, channels, others, fresh } = world;
  const task = dice.pick(others);
  const state = vm.words[task + L.SLOT_STATE]!;
  const low = (vm.words[me + L.SLOT_STATE]! >>> L.SLOT_STATE_BITS) + 1;
  const foreign = dice.pick(channels.slice(2));
  const any: readonly Write[][] = [
    arrival(dice, world),
    [[task + L.SLOT_STATE, (state & ~L.SLOT_STATE_MASK) | dice.roll(8)]],
    [[task + L.TASK_PRIORITY, dice.pick([1, 20, 63])]],
    [[task + L.TASK_SLEEP, dice.pick([0, 5, 7])]],
    [[foreign + L.CHANNEL_LIFE, fresh[foreign + L.CHANNEL_LIFE]! + 1]],
    [
      [foreign + L.CHANNEL_LIFE, 2],
      [me + L.SLOT_STATE, (low << L.SLOT_STATE_BITS) | dice.pick([L.SLOT_REPLY, L.SLOT_GONE])],
    ],
    [[me + L.TASK_BELL, 50]],
  ];
  return any[dice.roll(any.length)]!;
}

/** The rcvid of what a task's slot says. */
function rcvidOf({ vm: { words } }: World, task: number): number {
  const low = words[task + L.SLOT_STATE]! >>> L.SLOT_STATE_BITS;
  const high = words[task + L.SLOT_SEQ_HIGH]! & L.SEQ_HIGH_MASK;
  const index = (task - L.TASKS_AT) >> L.TASK_SHIFT;
  return (high * L.SEQ_LOW_RANGE + low) * L.RCVID_INDEX_RANGE + index;
}

function idOf(dice: Dice, world: World, op: number): number {
  if (op === 0) return mostly(dice, dice.pick(world.coids), 0, 5, 6, 63, L.CONNECTION_SIDE + 5);
  const { chids } = world;
  if (op === 1) return mostly(dice, dice.pick(chids), 0, 1, 5, chids[0]! + L.CHID_RANGE, 2 ** 44);
  const rcvid = rcvidOf(world, dice.pick(world.others));
  return mostly(dice, rcvid, rcvid + 1, rcvid + 512, 0, 511, 2 ** 53 - 1);
}

function numberOf(dice: Dice, op: number): number {
  return op === 3
    ? mostly(dice, dice.roll(400), 0, 91, 4_095)
    : mostly(dice, dice.roll(9), 2 ** 31 - 1);
}

/** A call of one kind on the arena as it is now. */
export function chooseCall(dice: Dice, world: World, op: number): Call {
  const count = mostly(dice, dice.roll(33), 0, 32, 33, 64);
  return {
    op,
    id: idOf(dice, world, op),
    number: numberOf(dice, op),
    count,
    room: mostly(dice, dice.roll(33), 0, 32, 33, 64),
    hasInfo: dice.roll(2) === 0,
    message: Uint8Array.from({ length: BYTES }, () => dice.roll(256)),
    steps: stepsOf(dice, world, op),
    notifies: mostly(dice, -1, 0, 1, 2, 6),
    interruptAt: dice.roll(2) === 0 ? dice.roll(14) : -1,
    interrupt: interruptOf(dice, world),
  };
}

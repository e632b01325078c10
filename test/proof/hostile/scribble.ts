/**
 * Garbage in one's own memory: a task writes into its own record, slot, channels, connections,
 * names, shared owners and stable bytes, whatever there may be.
 *
 * Two things it does not do, because nobody can be defended against them: it does not write its
 * orders (TASK_POISON is the host's), and it gives none of its records to a task that lives by
 * writing that one's pid over its own.
 */
import { channelAt, entryAt } from "../../../src/arena/address.js";
import { layoutIn } from "../../../src/arena/arena.js";
import * as L from "../../../src/arena/layout.js";
import { nameAt } from "../../../src/kernel/channel/name-record.js";
import type { Vm } from "../../../src/arena/vm.js";
import type { Dice } from "./dice.js";

/** Where a task can write, and which of these words says whose the record is. */
interface Place {
  readonly at: number;
  readonly isOwner: boolean;
}

const VALUES: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 32, 511, 512, 0xff_ffff, -1, -2, -5, -8, 0x7fff_ffff, -0x8000_0000,
  0x4000_0000, 1_000,
];

/** The words of a task's records. The VM must be the one in use. */
function placesOf(vm: Vm): Place[] {
  const { words, me, pid } = vm;
  const places: Place[] = [];
  const add = (start: number, count: number, owner: number): void => {
    for (let i = 0; i < count; i++) places.push({ at: start + i, isOwner: i === owner });
  };
  for (let field = 0; field < L.TASK_WORDS; field++) {
    if (field !== L.TASK_POISON) add(me + field, 1, -1);
  }
  const { limits, channelWords, sharedOwnersAt } = layoutIn(words);
  for (let i = 0; i < limits.channels; i++) {
    if (words[channelAt(i) + L.CHANNEL_OWNER] === pid)
      add(channelAt(i), channelWords, L.CHANNEL_OWNER);
  }
  for (let i = 0; i < limits.connections; i++) {
    if (words[entryAt(i) + L.CONNECTION_OWNER] === pid)
      add(entryAt(i), L.CONNECTION_WORDS, L.CONNECTION_OWNER);
  }
  for (let i = 0; i < limits.names; i++) {
    if (words[nameAt(i) + L.NAME_OWNER] === pid) add(nameAt(i), L.NAME_WORDS, L.NAME_OWNER);
  }
  for (let i = 0; i < limits.sharedBuffers; i++) {
    if (words[sharedOwnersAt + i] === pid) add(sharedOwnersAt + i, 1, 0);
  }
  return places;
}

/** A value that may hurt: a small one, an address of somebody's record, a state, or any. */
function valueFor(vm: Vm, at: number, dice: Dice): number {
  const { words } = vm;
  switch (dice.roll(6)) {
    case 0:
      return dice.pick(VALUES);
    case 1:
      return L.TASKS_AT + (dice.roll(words[L.HEAD_PLACES]!) << L.TASK_SHIFT);
    case 2:
      return dice.pick([channelAt(dice.roll(8)), entryAt(dice.roll(32)), nameAt(dice.roll(8))]);
    case 3:
      // Another state of the same message, or life of the same record.
      return (words[at]! & ~7) | dice.roll(8);
    case 4:
      return words[dice.roll(words.length)]!;
    default:
      return dice.roll(2 ** 32) | 0;
  }
}

/**
 * Writes one word. The VM must be the one in use. On a device a task that says in TASK_STAGE that
 * it has left is terminated where it stands: there it does not.
 */
export function scribble(
  vm: Vm,
  dice: Dice,
  isLiving: (pid: number) => boolean,
  isDevice = false,
): void {
  const { at, isOwner } = dice.pick(placesOf(vm));
  if (isDevice && at === vm.me + L.TASK_STAGE) return;
  const value = valueFor(vm, at, dice);
  const pid = Math.abs(value);
  if (isOwner && pid !== vm.pid && (isLiving(pid) || isLiving(pid - L.PID_TOLD))) return;
  vm.words[at] = value;
}

/**
 * The same random calls through TypeScript and through C, on two arenas that are compared word by
 * word after each call: also the result, the message, what is told of it, and, where C has done
 * the whole call, each atomic operation with what lay in the arena before it.
 *
 * Where C leaves the call to TypeScript, TypeScript goes on from what C has left, and what comes
 * out has to be the same.
 */
import { Endless, script } from "./scripted.js";
import * as L from "../../../src/arena/layout.js";
import { createMsgInfo } from "../../../src/arena/records.js";
import { use } from "../../../src/arena/vm.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgError, MsgReply } from "../../../src/kernel/message/reply.js";
import { send } from "../../../src/kernel/message/send.js";
import { releasePlace } from "../../../src/kernel/task/claim.js";
import { STOPPED as STOP } from "../../../src/kernel/task/doorbell.js";
import { RING_LAST } from "../../../src/kernel/trace/ring.js";
import { useClock } from "../../../src/kernel/trace/record.js";
import { attachRing } from "../../../src/kernel/trace/recorder.js";
import { Dice } from "../hostile/dice.js";
import { chooseCall, type Call } from "./calls.js";
import { CLIENT_IS_DEAD, type Ending, expectSame, expectWords, NAMES, say } from "./difference.js";
import { type Answer, Harness, NEVER, type Request, RETURNED, STOPPED } from "./wire.js";
import {
  chooseRing,
  chooseTime,
  createWorld,
  disturbChannel,
  disturbOwn,
  disturbTask,
  RING_WORDS,
  type World,
} from "./world.js";

/** Of send.h. */
const SLOW = -0x2_0000;
/** Calls between two fresh arenas. */
const SEQUENCE = 12;
/** How many calls C has done, and how many it has left, by their names. */
export interface Tally {
  calls: number;
  /** Of the calls that C has done. */
  records: number;
  readonly native: Record<string, number>;
  readonly left: Record<string, number>;
}

export class Difference extends Error {}

/** Two worlds: one word of pending bits is the usual, several are another way. */
export class Comparison {
  readonly tally: Tally = { calls: 0, records: 0, native: {}, left: {} };
  readonly #harness: Harness;
  readonly #worlds: readonly World[] = [createWorld(5), createWorld(5), createWorld(40)];
  readonly #seed: number;
  readonly #isTraced: boolean;

  /** `isTraced`: both sides are those of the tracing build. */
  constructor(harness: Harness, seed: number, isTraced = false) {
    this.#harness = harness;
    this.#seed = seed;
    this.#isTraced = isTraced;
    if (isTraced) useClock(() => script.now_us);
  }

  /** Makes one sequence. Throws a Difference that says which call of which sequence it was. */
  play(sequence: number): void {
    const dice = new Dice((this.#seed * 1_000_003 + sequence) | 1);
    const world = this.#worlds[sequence % this.#worlds.length]!;
    const { vm, fresh } = world;
    use(vm);
    vm.words.set(fresh);
    if (this.#isTraced) this.#attachRing(dice, world);
    script.words = vm.words;
    script.own = vm.me;
    script.buffersAt = vm.words[L.HEAD_BUFFERS_AT_BYTE]! / 4;
    script.buffersEnd = script.buffersAt + 2 * vm.words[L.HEAD_BUFFER_STRIDE]!;
    let arena: Int32Array | null = vm.words;
    for (let i = 0; i < SEQUENCE; i++) {
      try {
        arena = this.#compare(dice, world, arena) ? null : vm.words;
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        throw new Difference(`seed ${this.#seed}, sequence ${sequence}, call ${i}: ${text}`);
      }
      this.tally.calls++;
    }
  }

  #attachRing(dice: Dice, world: World): void {
    const { vm, ringAt } = world;
    attachRing(vm.words.subarray(ringAt, ringAt + RING_WORDS));
    for (const [at, value] of chooseRing(dice, world)) vm.words[at] = value;
  }

  /** One call. True when the harness has the arena as it is now. */
  #compare(dice: Dice, world: World, arena: Int32Array | null): boolean {
    const { vm, port } = world;
    const op = dice.roll(4);
    const kind = op === 1 ? L.SLOT_SEND : op === 0 ? L.SLOT_IDLE : L.SLOT_REPLY;
    const writes = world.others.flatMap((task) => disturbTask(dice, world, task, kind));
    const bits = world.others.reduce((sum, task) => {
      const index = (task - L.TASKS_AT) >> L.TASK_SHIFT;
      return index < 32 && dice.roll(2) === 0 ? sum | (1 << index) : sum;
    }, 0);
    for (const channel of world.channels) {
      writes.push(...disturbChannel(dice, world, channel, op === 1 ? bits : 0));
    }
    writes.push(...disturbOwn(dice, world));
    port.spinMax = dice.once(5) ? 3 : 0;
    vm.armedStates = dice.once(16) ? 16 : 0;
    vm.armedUntil = Infinity;
    script.ticks = 1_000 + dice.roll(5_000);
    if (this.#isTraced) script.now_us = chooseTime(dice);
    const before = arena === null ? null : arena.slice();
    script.play(writes);
    const call = chooseCall(dice, world, op);
    const request: Request = {
      ...call,
      arena: before,
      words: vm.words.length,
      writes,
      coids: vm.coids,
      ticks: script.ticks,
      now_us: script.now_us,
      ringAt: this.#isTraced ? world.ringAt : 0,
      spinMax: port.spinMax,
      armed: vm.armedStates,
      pid: vm.pid,
    };
    const armed = vm.armedStates;
    const message = call.message.slice();
    const first = vm.words[world.ringAt + RING_LAST]!;
    const ended = this.#inTypeScript(world, call, message);
    const trace = Int32Array.from(script.trace);
    const answer = this.#harness.call(request);
    const name = NAMES[op]!;
    const isLeft = answer.outcome === RETURNED && answer.value === SLOW;
    if (isLeft) {
      this.tally.left[name] = (this.tally.left[name] ?? 0) + 1;
      vm.armedStates = armed;
      this.#goOn(world, call, answer, ended, message);
      return false;
    }
    this.tally.native[name] = (this.tally.native[name] ?? 0) + 1;
    this.tally.records += (vm.words[world.ringAt + RING_LAST]! - first) | 0;
    expectSame(call, ended, answer, trace);
    if (op >= 2 && answer.value === CLIENT_IS_DEAD) return this.#release(world, call, answer);
    expectWords(world, vm.words, answer.words, message, answer.message);
    return true;
  }

  /** C has answered, and leaves the place of a client that is dead to TypeScript. */
  #release({ vm }: World, { id, interruptAt }: Call, { words, trace }: Answer): boolean {
    const after = vm.words.slice();
    vm.words.set(words);
    // What interrupts TypeScript there was not played in C.
    if (interruptAt * 3 >= trace.length) return false;
    script.begin({ steps: [], notifies: 0, interruptAt: -1, interrupt: [] });
    releasePlace(L.TASKS_AT + ((id & L.PID_INDEX_MASK) << L.TASK_SHIFT));
    expectWords(null, after, vm.words, new Uint8Array(0), new Uint8Array(0));
    return false;
  }

  /** TypeScript goes on where C has left off, with what is left of the script. */
  #goOn(world: World, call: Call, answer: Answer, ended: Ending, message: Uint8Array): void {
    const { vm } = world;
    const after = vm.words.slice();
    vm.words.set(answer.words);
    // TypeScript begins anew: which of its operations that was cannot be said.
    if (call.interruptAt >= 0) return;
    const rest = {
      ...call,
      steps: call.steps.slice(answer.stepsPlayed),
      notifies: answer.notified < 31 ? call.notifies >> answer.notified : -1,
    };
    const inC = answer.message.slice();
    const again = this.#inTypeScript(world, rest, inC);
    if (again.outcome !== ended.outcome || again.value !== ended.value) {
      throw new Error(`C left it: ${say(ended)} at once, ${say(again)} after C`);
    }
    expectWords(world, after, vm.words, message, inC);
  }

  #inTypeScript({ vm }: World, call: Call, bytes: Uint8Array): Ending {
    vm.lastCoid = NaN;
    vm.lastChid = NaN;
    // In C a client knows without looking that it does not wait for messages.
    vm.lastChannel = call.op === 0 ? 0 : vm.words[L.HEAD_CHANNELS_AT]!;
    vm.parts = null;
    script.begin(call);
    const info = createMsgInfo();
    try {
      const value = perform(call, bytes, info);
      return { outcome: RETURNED, value, info: Object.values(info) as number[] };
    } catch (error) {
      if (error instanceof Endless) return { outcome: NEVER, value: 0, info: [] };
      if (error === STOP) return { outcome: STOPPED, value: 0, info: [] };
      throw error;
    }
  }
}

function perform(call: Call, bytes: Uint8Array, info: ReturnType<typeof createMsgInfo>): number {
  const { op, id, number, count, room, hasInfo } = call;
  const from = count === 0 && number % 2 === 0 ? null : bytes;
  if (op === 0) return send(id, from, count, room === 0 ? null : bytes, room);
  if (op === 1) return MsgReceive(id, bytes, count, hasInfo ? info : null);
  return op === 2 ? MsgReply(id, number, from, count) : MsgError(id, number);
}

/**
 * A system of four hostile tasks, the honest and the manager, in one thread: what one operation
 * does to it, and what must hold afterwards.
 *
 * Time stands still but for a little at each look at the clock, and a sleep is over at once: so a
 * call that blocks goes on until others have had their turns, its time limit is over, or the host
 * orders the task to stop.
 */
import { ledgerBytes, Ledger, type LedgerOptions } from "../../../src/ha/ledger.js";
import { OPS, writeRaw } from "../../unit/manager/raw-request.js";
import { attachArena } from "../../../src/arena/arena.js";
import { reportDeath, reportExit } from "../../../src/kernel/death/death.js";
import * as L from "../../../src/arena/layout.js";
import type { MessageInfo } from "../../../src/arena/records.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import { aliveTask, claimTask, PRIORITY_MAX, PRIORITY_MIN } from "../../../src/kernel/task/task.js";
import { viewPlace } from "../../../src/kernel/inspect/view.js";
import { viewUsage } from "../../../src/kernel/inspect/usage.js";
import { createVitals, lookAt } from "../../../src/kernel/inspect/vitals.js";
import { STOPPED } from "../../../src/kernel/task/doorbell.js";
import { managerChid } from "../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { MsgSend } from "../../../src/ha/cover.js";
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { ALL_ABILITIES } from "../../../src/manager/abilities.js";
import { ManagerClient } from "../../../src/manager/client.js";
import { RealStage } from "../../unit/manager/supervise/real.js";
import { as, createTestPort, portOf } from "../../unit/kernel/vms.js";
import * as api from "../../../src/index.js";
import * as ham from "../../../src/ham/index.js";
import { type Call, hamCalls, kernelCalls } from "./calls.js";
import { Dice } from "./dice.js";
import { Honest } from "./honest.js";
import { Protected } from "./protected.js";
import { scribble } from "./scribble.js";
import { type Actor, argument, BOOM } from "./values.js";

export const HOSTILES = 4;
const LIMITS = {
  tasks: HOSTILES + 3,
  channels: 8,
  connections: 24,
  names: 4,
  pulses: 4,
  trace: 0,
  stableBytes: 32,
  sharedBuffers: 3,
  sharedBytes: 256,
};
/** They say what is wrong with what they are given. */
const THROWS: readonly string[] = ["restartRecovery", "ledgerBytes"];
/** Looks at the clock of one call, until the host orders the task to stop. */
const LOOKS_MAX = 12;
const LOOK_MS = 0.05;
/** Ids that are kept of a kind. */
const SEEN_MAX = 24;
/** What is in use by the honest and the manager: channel, connections, name, shared buffer. */
const HONEST_USE = 5;

const CALLS: readonly Call[] = [...kernelCalls(api), ...hamCalls(ham)];
/** What operations there are beside CALLS. */
const ACTIONS = ["die", "dieTwice", "wrongPids", "request", "flood", "ledger", "scribble"] as const;
export const OPERATIONS = CALLS.length + ACTIONS.length;

/** One operation: which task, what it does, and the number that its arguments come from. */
export type Operation = readonly [task: number, what: number, dice: number];

interface Hostile extends Actor {
  readonly place: number;
  vm: Vm;
  views: readonly Uint8Array[];
  /** It has written over its own records: its own calls may do anything to itself. */
  isSpoilt: boolean;
}

export function describe([task, what, dice]: Operation): string {
  const name = CALLS[what]?.name ?? ACTIONS[what - CALLS.length];
  return `${task}: ${name} (${dice})`;
}

export class World {
  calls = 0;
  readonly #stage = new RealStage(LIMITS);
  readonly #honest: Honest;
  readonly #hostiles: Hostile[] = [];
  readonly #protected: Protected;
  readonly #mayScribble: boolean;
  readonly #vitals = createVitals();
  #time = 1_000;
  #looks = 0;
  #hasHonestActed = false;
  #isInside = false;

  constructor(mayScribble: boolean) {
    this.#mayScribble = mayScribble;
    const { bench } = this.#stage;
    const port = portOf(bench.main);
    port.now = () => this.#time;
    this.#honest = new Honest(bench, [HOSTILES + 1, HOSTILES + 2, HOSTILES + 3]);
    const seen = new Map<string, number[]>();
    for (let place = 1; place <= HOSTILES; place++) {
      const vm = this.#start(place);
      const actor: Hostile = {
        place,
        vm,
        seen,
        kept: new Map(),
        views: this.#views(vm),
        reenter: () => this.#reenter(actor),
        isOdd: false,
        isSpoilt: false,
      };
      this.#hostiles.push(actor);
      this.#remember(seen, "pid", vm.pid);
    }
    const { server, client, chid } = this.#honest;
    for (const pid of [server.pid, client.vm.pid, bench.main.pid]) {
      this.#remember(seen, "pid", pid);
    }
    this.#remember(seen, "chid", chid);
    this.#remember(seen, "chid", as(bench.main, managerChid));
    // The hostile may do everything.
    this.#stage.board.strangers = ALL_ABILITIES;
    this.#protected = new Protected([bench.main, ...this.#honest.vms]);
  }

  /** A VM in a place. Every second one may block. */
  #start(place: number): Vm {
    const { main } = this.#stage.bench;
    const pid = as(main, () => claimTask(place, 10));
    if (pid < 0) throw new Error(`place ${place} is not free: ${pid}`);
    const port = createTestPort(place % 2 === 0);
    port.sliceMin_ms = 0;
    port.manager = new ManagerClient();
    const vm = attachArena(main.words.buffer as SharedArrayBuffer, port, pid);
    port.now = () => this.#look(vm);
    return vm;
  }

  /** A task looks at the clock: others have their turn, and in the end the host loses patience. */
  #look(vm: Vm): number {
    this.#time += LOOK_MS;
    if (!this.#isInside && vm.port.mayBlock) {
      this.#isInside = true;
      this.#looks++;
      this.#hasHonestActed = true;
      this.#honest.serveOne();
      as(this.#stage.bench.main, () => this.#stage.server.poll());
      this.#isInside = false;
      if (this.#looks > LOOKS_MAX) vm.words[vm.me + L.TASK_POISON] = L.POISON_STOP;
      use(vm);
    }
    return this.#time;
  }

  /** Not that of the honest server: a view is memory, and who writes to it writes to memory. */
  #views({ sharedViews }: Vm): readonly Uint8Array[] {
    return sharedViews.filter((_, index) => index !== this.#honest.shared);
  }

  #remember(into: Map<string, unknown[]>, kind: string, value: unknown): void {
    const values = into.get(kind) ?? [];
    values.push(value);
    if (values.length > SEEN_MAX) values.shift();
    into.set(kind, values);
  }

  /** What an argument that runs code does. */
  #reenter({ vm }: Hostile): void {
    if (this.#isInside) return;
    this.#isInside = true;
    const call = CALLS.find(({ name }) => name === "ChannelCreate")!;
    as(vm, () => call.run(0));
    this.#isInside = false;
  }

  /** Does one operation, and looks whether all is as it must be. */
  act([task, what, number]: Operation): void {
    const hostile = this.#hostiles[task]!;
    const dice = new Dice(number);
    this.#looks = 0;
    this.#time += 1;
    this.#hasHonestActed = false;
    this.calls++;
    const call = CALLS[what];
    if (call !== undefined) this.#call(hostile, call, dice);
    else this.#do(hostile, ACTIONS[what - CALLS.length]!, dice);
    if (!this.#hasHonestActed) this.#protected.check();
    this.#checkOthers();
  }

  #checkOthers(): void {
    const { main } = this.#stage.bench;
    const honest = this.#honest;
    honest.roundTrip();
    if (honest.answers % 8 === 0) honest.pulseTrip();
    if (honest.answers % 16 === 0) {
      honest.askManager(() => this.#stage.server.poll());
      this.#stage.at(this.#time);
    }
    if (honest.answers % 4 === 0) {
      for (const { vm } of this.#hostiles) {
        as(main, () => {
          viewPlace((vm.me - L.TASKS_AT) >> L.TASK_SHIFT);
          lookAt(vm.pid, this.#vitals);
        });
      }
    }
    for (const vm of honest.vms) {
      const priority = vm.words[vm.me + L.TASK_PRIORITY]!;
      if (priority < PRIORITY_MIN || priority > PRIORITY_MAX) {
        throw new Error(`an honest task runs at priority ${priority}`);
      }
    }
    this.#protected.note();
  }

  #call(hostile: Hostile, call: Call, dice: Dice): void {
    hostile.isOdd = false;
    const args = call.kinds.map((kind) => argument(kind, dice, hostile));
    let result: unknown;
    try {
      result = as(hostile.vm, () => {
        pollSend();
        return call.run(...args);
      });
    } catch (error) {
      this.#accept(hostile, call, error);
      return;
    }
    if (call.isFree || hostile.isSpoilt) {
      if (typeof result === "object" && result !== null && call.gives !== "") {
        this.#remember(hostile.kept as Map<string, unknown[]>, call.gives, result);
      }
      return;
    }
    if (!Number.isSafeInteger(result)) {
      throw new Error(`${call.name} returned ${String(result)}`);
    }
    if (call.gives !== "" && (result as number) >= 0) {
      this.#remember(hostile.seen, call.gives, result);
    }
  }

  /** Throws again what no call may throw. */
  #accept(hostile: Hostile, { name }: Call, error: unknown): void {
    if (error === STOPPED) return this.#die(hostile);
    if (error === BOOM || hostile.isSpoilt) return;
    if (hostile.isOdd && error instanceof TypeError) return;
    // These say so, where they are described.
    if (error instanceof Error && THROWS.includes(name)) return;
    throw new Error(`${name} threw ${String(error)}`, { cause: error });
  }

  #do(hostile: Hostile, action: (typeof ACTIONS)[number], dice: Dice): void {
    const { vm } = hostile;
    const { main } = this.#stage.bench;
    if (action === "die") this.#die(hostile);
    else if (action === "dieTwice") {
      // Its own last act, too.
      as(vm, () => reportDeath(vm.pid));
      this.#die(hostile);
      as(main, () => reportDeath(vm.pid));
    } else if (action === "wrongPids") {
      const near = [0, -1, 0.5, NaN, 511, 513 + 512 * 77, 2 ** 31, vm.pid + 512, vm.pid - 512];
      as(main, () => reportDeath(dice.pick(near)));
    } else if (action === "request") this.#request(hostile, dice);
    else if (action === "flood") this.#flood(hostile, dice);
    else if (action === "ledger") this.#useLedger(hostile, dice);
    else if (this.#mayScribble) {
      hostile.isSpoilt = true;
      const isLiving = (pid: number): boolean => as(main, () => aliveTask(pid)) !== 0;
      for (let i = dice.roll(4); i >= 0; i--) as(vm, () => scribble(vm, dice, isLiving));
    }
  }

  /** The host sees the VM gone, and starts another. */
  #die(hostile: Hostile): void {
    const { main } = this.#stage.bench;
    const { vm, place } = hostile;
    as(main, () => reportExit(vm.pid));
    hostile.vm = this.#start(place);
    hostile.views = this.#views(hostile.vm);
    hostile.kept.clear();
    hostile.isSpoilt = false;
    this.#remember(hostile.seen, "pid", hostile.vm.pid);
  }

  /** A request to the manager, byte by byte: right, nearly right, or noise. */
  #request(hostile: Hostile, dice: Dice): void {
    const message = new Uint8Array(dice.pick([64, 16, 128]));
    const op = dice.pick(OPS);
    const number = (): number => (dice.once(2) ? dice.roll(2 ** 32) : dice.roll(40)) >>> 0;
    const numbers = Array.from({ length: (op >> 4) & 15 }, number);
    const texts = Array.from({ length: op & 15 }, () => dice.pick(["a", "b", "global", "\x7f"]));
    let count = writeRaw(message, op, dice.pick([0, 1, 4, -1]), numbers, texts);
    if (count < 0 || dice.once(4)) count = dice.roll(message.length + 1);
    for (let i = dice.roll(4); i > 0; i--) message[dice.roll(message.length)] = dice.roll(256);
    const send: Call["run"] = () => {
      const coid = ConnectAttach(0, this.#stage.bench.main.pid, managerChid(), 0, 0);
      if (coid < 0) return coid;
      const reply = new Uint8Array(4);
      if ($vm.port.mayBlock) return MsgSend(coid, message, count, reply, 4);
      return sendAsync(coid, message, count, reply, 4, () => undefined);
    };
    this.#call(hostile, { name: "request", run: send, kinds: [], gives: "", isFree: false }, dice);
  }

  /** As much of one thing as there is. */
  #flood(hostile: Hostile, dice: Dice): void {
    const names = [
      "ChannelCreate",
      "ConnectAttach",
      "MsgSendPulse",
      "name_attach",
      "sharedAcquire",
    ];
    const name = dice.pick(names);
    const call = CALLS.find((each) => each.name === name)!;
    for (let i = 0; i < 30; i++) {
      this.calls++;
      this.#call(hostile, call, new Dice(0));
    }
  }

  #useLedger(hostile: Hostile, dice: Dice): void {
    const run: Call["run"] = (options, rcvid, info, status, bytes, count) => {
      const ledger = new Ledger(options as LedgerOptions);
      ledgerBytes(options as LedgerOptions);
      const id = rcvid as number;
      ledger.answers(id, info as MessageInfo);
      return ledger.reply(
        id,
        info as MessageInfo,
        status as number,
        bytes as null,
        count as number,
      );
    };
    try {
      this.#call(
        hostile,
        {
          name: "Ledger",
          run,
          kinds: ["ledgerOptions", "rcvid", "info", "status", "bytes", "count"],
          gives: "",
          isFree: false,
        },
        dice,
      );
    } catch (error) {
      // Sizes that cannot be, and another ledger's bytes: it says so.
      const { cause } = error as Error;
      if (!(cause instanceof RangeError) && !(cause instanceof TypeError)) throw error;
    }
  }

  /** The hostile tasks are gone: nothing of theirs is left, and every place can be had again. */
  end(): void {
    const { main } = this.#stage.bench;
    for (const { vm } of this.#hostiles) as(main, () => reportExit(vm.pid));
    this.#checkOthers();
    this.#honest.pulseTrip();
    const used = as(main, () => Object.entries(viewUsage()));
    const sum = used.reduce((total, [, usage]) => total + (usage as { used: number }).used, 0);
    if (sum !== HONEST_USE) throw new Error(`left behind: ${JSON.stringify(used)}`);
    for (const { place } of this.#hostiles) {
      const pid = as(main, () => claimTask(place, 10));
      if (pid < 0) throw new Error(`place ${place} is not free: ${pid}`);
      as(main, () => reportExit(pid));
    }
    for (const vm of this.#honest.vms) as(main, () => reportExit(vm.pid));
    const rest = as(main, () => Object.values(viewUsage()));
    if (rest.some((usage) => usage.used !== 0)) {
      throw new Error(`left behind by all: ${JSON.stringify(rest)}`);
    }
  }
}

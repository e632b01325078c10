/**
 * A hostile task: calls everything with anything, writes garbage into its own records, and throws.
 * The next incarnation goes on with other choices.
 *
 * It leaves out what asks the manager to end, hold or stop others, which any task may, and what
 * only waits.
 */
import * as api from "reattach";
import * as ham from "reattach/ham";
import { aliveTask } from "../../../../src/kernel/task/task.js";
import { hamCalls, kernelCalls } from "../calls.js";
import { Dice } from "../dice.js";
import { scribble } from "../scribble.js";
import { type Actor, argument } from "../values.js";
import { SERVICE } from "./tasks.js";

interface Args {
  readonly seed: number;
  readonly mayScribble: boolean;
  readonly isDevice: boolean;
  /** Of one incarnation. */
  readonly calls: number;
}

const LEFT_OUT = /^(delay|ha_creat|dispatch_timeout|TimerTimeout)$|stop|signal|detach_name/;
const ALL_STATES = 0x70;
/** The limit of every call that could block, in milliseconds. */
const LIMIT_MS = 0.05;
const SEEN_MAX = 24;
/** A request to the manager takes as long as its next tick: one in so many calls. */
const HAM_EVERY = 400;

class Attacker {
  readonly #dice: Dice;
  readonly #seen = new Map<string, number[]>();
  readonly #actor: Actor;
  readonly #calls = kernelCalls(api).filter(({ name }) => !LEFT_OUT.test(name));
  readonly #ham = hamCalls(ham).filter(({ name }) => !LEFT_OUT.test(name));
  readonly #args: Args;

  constructor(args: Args) {
    this.#args = args;
    // Another one for each incarnation.
    this.#dice = new Dice(args.seed ^ (api.getpid() * 0x9e37));
    this.#actor = {
      seen: this.#seen,
      kept: new Map(),
      views: [],
      reenter: () => void api.ChannelCreate(0),
      isOdd: false,
    };
    this.#remember("coid", api.name_open(SERVICE, 0));
    this.#remember("pid", api.getpid());
  }

  #remember(kind: string, value: number): void {
    const values = this.#seen.get(kind) ?? [];
    values.push(value);
    if (values.length > SEEN_MAX) values.shift();
    this.#seen.set(kind, values);
  }

  /** One call; and, for some, garbage before it. */
  act(number: number): void {
    const dice = this.#dice;
    if (this.#args.mayScribble && dice.once(16)) {
      scribble($vm, dice, (pid) => aliveTask(pid) !== 0, this.#args.isDevice);
    }
    const call = dice.pick(number % HAM_EVERY === 0 ? this.#ham : this.#calls);
    const args = call.kinds.map((kind) => argument(kind, dice, this.#actor));
    api.TimerTimeout(ALL_STATES, LIMIT_MS);
    try {
      const result = call.run(...args);
      if (call.gives !== "" && typeof result === "number" && result >= 0) {
        this.#remember(call.gives, result);
      }
    } catch (error) {
      // The host's order to leave is no call's doing.
      if ((error as { name?: string } | null)?.name === "TaskStopped") throw error;
    }
  }
}

export function main(args: Args): void {
  const attacker = new Attacker(args);
  for (let number = 1; number <= args.calls; number++) attacker.act(number);
  throw new Error("an attacker's life is over");
}

/**
 * The hardware's thread: it loads the module that describes the board, and is the board. It
 * outlives the tasks, as hardware does.
 */
import { parentPort, workerData } from "node:worker_threads";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { installSourceMaps } from "../compile/source-maps.js";
import { installConsole } from "../log/task-console.js";
import { isDescription } from "./board/check.js";
import type { BoardHands, BoardModule, Level } from "./board/description.js";
import { type PartFault, Parts, textOf } from "./board/parts.js";
import { Seats } from "./board/seats.js";
import type { FromHardware, HardwareCall, HardwareStart, ToHardware } from "./wire/protocol.js";

const { program, bell, seed } = workerData as HardwareStart;

/** Functions of the application that tests call by name. */
type Controls = Readonly<Record<string, unknown>>;

function tell(message: FromHardware): void {
  parentPort?.postMessage(message);
}

/** The description can move the board only when there is one. */
class Hands implements BoardHands {
  parts: Parts | null = null;

  level(pin: number): Level {
    return this.#board.level(pin);
  }

  drive(pin: number, level: Level | null): void {
    this.#board.drive(pin, level);
  }

  setAnalog(pin: number, value: number | (() => number)): void {
    this.#board.setAnalog(pin, value);
  }

  send(port: number, bytes: ArrayLike<number>): void {
    this.#board.send(port, bytes);
  }

  get #board(): Parts {
    if (this.parts !== null) return this.parts;
    throw new Error("the board is being described: it can be moved later, from a callback");
  }
}

/** What the main thread can ask for by name. */
class Desk {
  readonly #parts: Parts;
  readonly #seats: Seats;
  readonly #controls: Controls;

  constructor(parts: Parts, seats: Seats, controls: Controls) {
    this.#parts = parts;
    this.#seats = seats;
    this.#controls = controls;
  }

  call({ name, args }: HardwareCall): unknown {
    // What a task has done before is done.
    this.#seats.look();
    switch (name) {
      case "pin": {
        const { level, rises, falls, history, owners } = this.#parts.line(args[0] as number);
        const tasks = owners.map(({ task }) => task);
        return { level, rises, falls, history: [...history], tasks };
      }
      case "drive":
        return this.#parts.drive(args[0] as number, args[1] as Level | null);
      case "setAnalog":
        return this.#parts.setAnalog(args[0] as number, args[1] as number);
      case "send":
        return this.#parts.send(args[0] as number, args[1] as number[]);
      case "fault":
        return this.#parts.fault(args[0] as PartFault, args[1] as string);
      case "restore":
        return this.#parts.buses.forEach((bus) => bus.restore());
      case "faults":
        return this.#parts.counts;
      case "open":
        return this.#seats.view();
      case "control":
        return this.#control(args[0] as string, args.slice(1));
    }
    throw new Error(`the board has no call "${name}"`);
  }

  #control(name: string, args: readonly unknown[]): unknown {
    const control = Object.hasOwn(this.#controls, name) ? this.#controls[name] : undefined;
    if (typeof control === "function") return Reflect.apply(control, undefined, args);
    const names = Object.keys(this.#controls).join(", ") || "none";
    throw new Error(`found control "${name}", allowed are those of the board's module: ${names}`);
  }
}

function listen(desk: Desk, seats: Seats): void {
  parentPort?.on("message", (message: ToHardware) => {
    if (message.type === "seat") {
      seats.add(message.name, message.memory, message.port);
      seats.look();
      return;
    }
    const { id, call } = message;
    void (async () => {
      try {
        tell({ type: "done", id, value: await desk.call(call) });
      } catch (error) {
        tell({ type: "failed", id, text: error instanceof Error ? error.message : String(error) });
      }
    })();
  });
}

/** What the module exports by default, made and checked; null when it is told what is wrong. */
async function describe(hands: Hands): Promise<{ parts: Parts; controls: Controls } | null> {
  const problems: string[] = [];
  try {
    const module = (await import(program)) as { default?: BoardModule; controls?: Controls };
    const made = typeof module.default === "function" ? module.default(hands) : module.default;
    if (isDescription(made, problems)) {
      const report = (text: string): void => tell({ type: "log", level: "error", text });
      const parts = new Parts(made, { random: seededRandom(seed), report });
      return { parts, controls: module.controls ?? {} };
    }
  } catch (error) {
    problems.push(textOf(error));
  }
  tell({ type: "wrong", problems });
  return null;
}

async function run(): Promise<void> {
  const hands = new Hands();
  const described = await describe(hands);
  if (described === null) return;
  const { parts, controls } = described;
  hands.parts = parts;
  const seats = new Seats(parts, bell);
  listen(new Desk(parts, seats, controls), seats);
  tell({ type: "ready", parts: parts.names });
  await seats.serve();
}

installSourceMaps();
installConsole({ write: (level, text) => tell({ type: "log", level, text }) });
// Not with `await`, as in host/worker.ts.
void run();

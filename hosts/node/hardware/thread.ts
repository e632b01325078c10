/**
 * The hardware's thread: it loads the module that describes the board, and is the board. It
 * outlives the tasks, as hardware does.
 */
import { parentPort, workerData } from "node:worker_threads";
import { installSourceMaps } from "../compile/source-maps.js";
import { installConsole } from "../log/task-console.js";
import { Board, type BoardProgram } from "./board/board.js";
import { textOf } from "./board/parts.js";
import type { FromHardware, HardwareStart, ToHardware } from "./wire/protocol.js";

const { program, bell, seed } = workerData as HardwareStart;

function tell(message: FromHardware): void {
  parentPort?.postMessage(message);
}

function listen(board: Board): void {
  parentPort?.on("message", (message: ToHardware) => {
    if (message.type === "seat") {
      board.seats.add(message.name, message.memory, message.port);
      board.seats.look();
      return;
    }
    const { id, call } = message;
    void (async () => {
      try {
        tell({ type: "done", id, value: await board.call(call) });
      } catch (error) {
        tell({ type: "failed", id, text: error instanceof Error ? error.message : String(error) });
      }
    })();
  });
}

/** What the module exports by default, made and checked; null when it is told what is wrong. */
async function describe(): Promise<Board | null> {
  const problems: string[] = [];
  try {
    const module = (await import(program)) as BoardProgram;
    const report = (text: string): void => tell({ type: "log", level: "error", text });
    const board = Board.describedBy(module, { seed, bell, report }, problems);
    if (board !== null) return board;
  } catch (error) {
    problems.push(textOf(error));
  }
  tell({ type: "wrong", problems });
  return null;
}

/** Serves whoever asks; sleeps, without holding up the thread's event loop, while nobody does. */
async function serve({ seats }: Board): Promise<never> {
  for (;;) {
    const seen = Atomics.load(bell, 0);
    seats.look();
    const wait = Atomics.waitAsync(bell, 0, seen);
    if (wait.async) await wait.value;
    // Timers of the board have their turn, however much is asked.
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

async function run(): Promise<void> {
  const board = await describe();
  if (board === null) return;
  listen(board);
  tell({ type: "ready", parts: board.parts.names });
  await serve(board);
}

installSourceMaps();
installConsole({ write: (level, text) => tell({ type: "log", level, text }) });
// Not with `await`, as in host/worker.ts.
void run();

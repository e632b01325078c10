/**
 * The application of the real boards: each has a server, which counts, and a client for the server
 * of each other board. The server knows the number of each client's last call, with what it has
 * counted, and so whether one was done twice, or not at all.
 */

/** All boards. */
export const BOARDS = ["attic", "cellar", "shed"] as const;
export type BoardName = (typeof BOARDS)[number];

/** So many answers are one line of a client's log. */
export const ANSWERS_A_LINE = 5;
/** Clients that a server remembers; those of boards that were killed are dead. */
const KNOWN = 64;
const STATE_BYTES = 4 * (2 + 2 * KNOWN);
const RESTART = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };
/** Short, so that all of it happens. */
const TIMES = { beat_ms: 500, silent_ms: 3_000, broker_ms: 1_000 };

const SERVICES = `
import { call, defineService, u32 } from "reattach/service";
export const Counter = defineService("counter", {
  add: call({ id: u32, number: u32 }, { id: u32, number: u32, expected: u32 }, { once: true }),
});`;

const SERVER = `
import { EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { Counter } from "./services";
export function main() {
  const ledger = new Ledger({ stateBytes: ${STATE_BYTES}, replyBytes: 12, clients: 16 });
  // How many calls; then who has called, and the number of the last one.
  const state = new Uint32Array(ledger.state.buffer, ledger.state.byteOffset, ${STATE_BYTES / 4});
  serve(Counter, {
    add({ id, number }, reply) {
      let at = 2;
      while (at < state.length && state[at] !== id) at += 2;
      if (at >= state.length) {
        // Another life of a client, or of this board: it begins with any number.
        at = 2 + 2 * (state[1] % ${KNOWN});
        state[1] += 1;
        state[at] = id;
        state[at + 1] = number - 1;
      }
      state[0] += 1;
      reply.id = id;
      reply.number = number;
      reply.expected = state[at + 1] + 1;
      state[at + 1] = number;
      return EOK;
    },
  }, { ledger });
}`;

function client(of: BoardName): string {
  return `
import { restartRecovery } from "reattach";
import { open } from "reattach/service";
import { Counter } from "./services";
export function main() {
  // However long a board takes to come back: it is for the test to lose patience.
  const recovery = restartRecovery("/net/${of}/counter", { limit_ms: 86_400_000 });
  const { add } = open(Counter, { board: "${of}", timeout_ms: Infinity, recovery });
  const id = 1 + Math.floor(Math.random() * (2 ** 32 - 1));
  for (let number = 1; ; number++) {
    add.request.id = id;
    add.request.number = number;
    const status = add.send();
    const { reply } = add;
    if (status !== 0) console.log("WRONG: call", number, "of ${of} has ended with", status);
    else if (reply.id !== id || reply.number !== number) {
      console.log("WRONG: call", id, number, "has the answer of", reply.id, reply.number);
    } else if (reply.expected !== number) {
      console.log("WRONG: call", number, "of ${of}, which has done all before", reply.expected);
    }
    if (number % ${ANSWERS_A_LINE} === 0) console.log("answers:", number);
  }
}`;
}

function manifest(board: BoardName): object {
  const others = BOARDS.filter((name) => name !== board);
  const clients = others.map((name) => [`to-${name}`, { module: `to-${name}` }]);
  const server = {
    module: "server",
    services: ["counter"],
    stableBytes: 2_048,
    restart: RESTART,
  };
  return {
    modules: { "*": ["./server", "./services", ...others.map((name) => `./to-${name}`)] },
    config: {
      reattach: {
        tasks: { counter: server, ...Object.fromEntries(clients) },
        // Name and broker come from the environment.
        net: {
          board: "nobody",
          broker: "mqtt://127.0.0.1:1",
          exports: ["counter"],
          imports: others.map((name) => `${name}/counter`),
          clients: 4,
          ...TIMES,
        },
      },
    },
  };
}

/** All files of it. The manifest of a board is "<board>.json". */
export const FILES: Readonly<Record<string, unknown>> = {
  "services.ts": SERVICES,
  "server.ts": SERVER,
  ...Object.fromEntries(BOARDS.map((name) => [`to-${name}.ts`, client(name)])),
  ...Object.fromEntries(BOARDS.map((name) => [`${name}.json`, manifest(name)])),
};

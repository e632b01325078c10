/**
 * What becomes of calls when statuses come late, are old, or the server dies again and again: two
 * boards of the proof (test/proof/boards) in one thread and in fake time.
 */
import test from "tape";
import { viewUsage } from "../../../src/kernel/inspect/usage.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import * as F from "../../../src/net/frame.js";
import { name_open } from "../../../src/kernel/name/name.js";
import { remoteName } from "../../../src/kernel/name/name-text.js";
import { statusText } from "../../../src/net/status.js";
import { BANK, Board } from "../../proof/boards/board.js";
import { Network } from "../../proof/boards/network.js";
import { Oracle } from "../../proof/boards/oracle.js";
import { as, post, settle } from "../kernel/vms.js";

const STEP_MS = 5;

/** The clients of the cellar use the bank of the attic. */
class Pair {
  readonly oracle = new Oracle();
  readonly network = new Network(seededRandom(1));
  readonly attic = new Board("attic", [], this.network, this.oracle, 0);
  readonly cellar = new Board("cellar", ["attic"], this.network, this.oracle, 0);

  run(steps: number, act = (): void => undefined): void {
    for (let step = 0; step < steps; step++) {
      act();
      this.network.advance(STEP_MS);
      this.attic.poll();
      this.cellar.poll();
    }
  }

  /** pids of agents that stand for clients. */
  get agents(): number[] {
    const { visitors } = this.attic.gateway.exports;
    return visitors.flatMap((visitor) => (visitor === null ? [] : [visitor.vm.pid]));
  }
}

test("gateway: a call whose server dies more often than attempts are counted", (t) => {
  const pair = new Pair();
  const { oracle } = pair;
  pair.run(100);
  t.ok(oracle.answers > 10, `${oracle.answers} answers`);
  const { answers } = oracle;
  let deaths = 0;
  pair.run(2_000, () => {
    const { server } = pair.attic;
    if (server === null || server.deathPoint !== null || deaths === 40) return;
    server.deathPoint = "before";
    deaths++;
  });
  t.equal(deaths, 40);
  pair.run(1_000);
  t.ok(oracle.answers > answers + 100, `${oracle.answers - answers} answers behind it`);
  t.deepEqual(oracle.problems, []);
  t.end();
});

/** Statuses of another life of the client's board; it says nothing itself meanwhile. */
const OLD: readonly (readonly [string, string, boolean])[] = [
  ["what the broker had saved", statusText({ life: 5, services: [{ name: BANK, life: 9 }] }), true],
  ["a last will that it had saved", statusText({ life: 5, services: null }), true],
  ["a last will that comes late", statusText({ life: 5, services: null }), false],
];

for (const [what, text, isKept] of OLD) {
  test(`gateway: agents outlive ${what} of a board`, (t) => {
    for (const isGone of [false, true]) {
      const pair = new Pair();
      const { attic, cellar, oracle } = pair;
      pair.run(100);
      const { agents } = pair;
      t.equal(agents.length, 2, "one for each client");
      // Also while the board is taken for gone.
      const gone = statusText({ life: cellar.life, services: null });
      if (isGone) attic.gateway.status("cellar", gone, false);
      attic.gateway.status("cellar", text, isKept);
      pair.run(1_000);
      t.deepEqual(pair.agents, agents, "the same ones");
      t.deepEqual(oracle.problems, []);
    }
    t.end();
  });
}

test("gateway: agents of a board go when it says itself that it has booted anew", (t) => {
  const pair = new Pair();
  pair.run(100);
  const { agents } = pair;
  pair.attic.gateway.status("cellar", statusText({ life: 5, services: [] }), false);
  t.deepEqual(pair.agents, []);
  pair.run(1_000);
  t.equal(pair.agents.length, 2, "and come again, as they have been forgotten by mistake");
  t.notDeepEqual(pair.agents, agents);
  t.end();
});

test("gateway: a board that is silent is gone, and is there again when it is heard of", (t) => {
  const pair = new Pair();
  const { network, cellar, oracle } = pair;
  const services = (): readonly string[] | null | undefined =>
    cellar.gateway.view().boards.find(({ board }) => board === "attic")?.services;
  pair.run(100);
  t.deepEqual(services(), [BANK]);
  for (let ms = 0; ms < 7_000; ms += STEP_MS) {
    network.advance(STEP_MS);
    cellar.poll();
  }
  t.equal(services(), null, "nothing was heard for silent_ms");
  const { answers } = oracle;
  pair.run(1_000);
  t.deepEqual(services(), [BANK]);
  t.ok(oracle.answers > answers + 100);
  t.deepEqual(oracle.problems, []);
  t.end();
});

test("gateway: view() counts calls on both sides", (t) => {
  const pair = new Pair();
  pair.run(200);
  const { imports, isBrokerThere, board } = pair.cellar.gateway.view();
  const { exports, refused } = pair.attic.gateway.view();
  t.equal(board, "cellar");
  t.ok(isBrokerThere);
  t.ok(imports.calls > 10 && exports.calls > 10, `${imports.calls} and ${exports.calls}`);
  t.equal(refused.malformed, 0);
  t.end();
});

test("gateway: the death of a client is the death of its agent", (t) => {
  const pair = new Pair();
  const { cellar, oracle } = pair;
  pair.run(100);
  const { agents } = pair;
  const [dead] = cellar.clients.splice(0, 1);
  cellar.bench.bury(dead!.vm);
  pair.run(100);
  t.equal(pair.agents.length, 1);
  t.ok(agents.includes(pair.agents[0]!), "the other one stays");
  t.deepEqual(oracle.problems, []);
  t.end();
});

test("gateway: LOST closes the channel of a service, also when its status comes late", (t) => {
  const pair = new Pair();
  const { network, attic, cellar, oracle } = pair;
  const names = (): number => as(cellar.bench.main, viewUsage).names.used;
  pair.run(100);
  const before = names();
  // The board cannot say that the service is gone.
  const keep = network.keep.bind(network);
  network.keep = () => undefined;
  attic.server!.deathPoint = "before";
  pair.run(20);
  t.equal(names(), before - 1, "the name is gone");
  network.keep = keep;
  const { answers } = oracle;
  pair.run(1_000);
  t.equal(names(), before, "and comes back");
  t.ok(oracle.answers > answers + 100);
  t.deepEqual(oracle.problems, []);
  t.end();
});

/** A board says that it, or its service, is another one, without having said that it is gone. */
const NEXT: readonly (readonly [string, number, number])[] = [
  ["board", 5, 1],
  ["service", 0, 7],
];

for (const [what, boardLife, serviceLife] of NEXT) {
  test(`gateway: calls go to the next life of a ${what} as soon as it has said so`, (t) => {
    const pair = new Pair();
    const { network, attic, cellar } = pair;
    pair.run(100);
    const life = boardLife || attic.life;
    const calls: string[] = [];
    const header = F.createHeader();
    network.heard = (from, _to, bytes) => {
      if (from !== "cellar" || !F.readHeader(bytes, header) || header.type !== F.CALL) return;
      calls.push(`${header.session} ${header.life}`);
    };
    const services = [{ name: BANK, life: serviceLife }];
    cellar.gateway.status("attic", statusText({ life, services }), false);
    for (let step = 0; step < 20; step++) cellar.poll();
    t.ok(calls.length > 0, `${calls.length} calls`);
    const expected = `${F.sessionOf(cellar.life, life)} ${serviceLife}`;
    t.ok(
      calls.every((call) => call === expected),
      "all of them in its session, to its life",
    );
    t.end();
  });
}

test("gateway: a call that comes once more when its client is gone is not made again", (t) => {
  const pair = new Pair();
  const { network, attic, cellar, oracle } = pair;
  const calls: Uint8Array[] = [];
  const header = F.createHeader();
  network.heard = (from, _to, bytes) => {
    if (from === "cellar" && F.readHeader(bytes, header) && header.type === F.CALL) {
      calls.push(bytes);
    }
  };
  pair.run(100);
  for (const { vm } of cellar.clients.splice(0)) cellar.bench.bury(vm);
  pair.run(100);
  const { exports } = attic.gateway;
  const repeats = exports.counts.repeats;
  for (const bytes of calls) attic.gateway.frame("cellar", bytes);
  pair.run(100);
  t.equal(exports.counts.repeats - repeats, calls.length, `${calls.length} calls: all refused`);
  t.deepEqual(pair.agents, [], "and no agent for them");
  t.deepEqual(oracle.problems, []);
  t.end();
});

/** Calls of clients that nobody has heard of, as frames like this one. */
function callsOfStrangers(like: Uint8Array, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = like.slice(0, F.HEADER_BYTES);
    new DataView(bytes.buffer).setUint32(8, 0x7000 + index, true);
    return bytes;
  });
}

/** Hears the calls of the cellar. */
function listen({ network }: Pair): Uint8Array[] {
  const calls: Uint8Array[] = [];
  const header = F.createHeader();
  network.heard = (from, _to, bytes) => {
    const isCall = from === "cellar" && F.readHeader(bytes, header) && header.type === F.CALL;
    if (isCall) calls.push(bytes);
  };
  return calls;
}

test("gateway: an agent that is given to another client leaves its number behind", (t) => {
  const pair = new Pair();
  const { network, attic, cellar, oracle } = pair;
  const calls = listen(pair);
  pair.run(100);
  // They live, and are quiet.
  cellar.clients.length = 0;
  pair.run(70, () => network.advance(1_000));
  const { exports } = attic.gateway;
  for (const bytes of callsOfStrangers(calls[0]!, exports.visitors.length)) {
    attic.gateway.frame("cellar", bytes);
  }
  pair.run(10);
  t.equal(exports.counts.refused, 0, "each stranger has an agent");
  const { calls: made, repeats } = exports.counts;
  for (const bytes of calls) attic.gateway.frame("cellar", bytes);
  pair.run(10);
  t.equal(exports.counts.repeats - repeats, calls.length, `${calls.length} calls, once more`);
  t.equal(exports.counts.calls, made, "none is made");
  // Strangers all say that they are the same client.
  t.deepEqual(
    oracle.problems.filter((problem) => !problem.includes("call 4294967295")),
    [],
  );
  t.end();
});

test("gateway: an agent whose message a server has seen is kept for the repeat", (t) => {
  const pair = new Pair();
  const { network, attic, cellar, oracle } = pair;
  const calls = listen(pair);
  pair.run(100);
  attic.server!.deathPoint = "committed";
  pair.run(1);
  while (!attic.server!.isDead) attic.server!.poll();
  // No server for more than a minute: clients of the cellar wait.
  for (let second = 0; second < 70; second++) {
    network.advance(1_000);
    attic.gateway.poll();
    cellar.poll();
  }
  const { exports } = attic.gateway;
  for (const bytes of callsOfStrangers(calls[0]!, exports.visitors.length)) {
    attic.gateway.frame("cellar", bytes);
  }
  t.ok(exports.counts.refused > 0, `${exports.counts.refused} strangers are refused`);
  const { answers, again } = oracle;
  pair.run(2_000);
  t.ok(oracle.again > again, "the Ledger knows the repeat");
  t.ok(oracle.answers > answers, "and all goes on");
  // The other client, whose message nobody had seen, has no place any more: EAGAIN.
  t.deepEqual(
    oracle.problems.filter((problem) => !problem.endsWith("-11")),
    [],
  );
  t.end();
});

test("gateway: calls are counted for each board: many to one make none to another one old", (t) => {
  const oracle = new Oracle();
  const network = new Network(seededRandom(1));
  const boards = [
    new Board("attic", [], network, oracle, 0),
    new Board("shed", [], network, oracle, 0),
    new Board("cellar", ["attic", "shed"], network, oracle, 0),
  ];
  const run = (steps: number): void => {
    for (let step = 0; step < steps; step++) {
      network.advance(STEP_MS);
      for (const board of boards) board.poll();
    }
  };
  // One client calls both.
  const { vm } = boards[2]!.clients.splice(0)[0]!;
  const numbers: Record<string, number[]> = { attic: [], shed: [] };
  const header = F.createHeader();
  network.heard = (from, to, bytes) => {
    if (from !== "cellar" || !F.readHeader(bytes, header) || header.type !== F.CALL) return;
    // The first one is sent twice: its board is not known yet.
    const all = numbers[to]!;
    if (all.at(-1) !== header.number) all.push(header.number);
  };
  run(100);
  const open = (board: string): number => as(vm, () => name_open(remoteName(board, BANK), 0));
  const coids = { attic: open("attic"), shed: open("shed") };
  for (const to of ["attic", "shed", "shed", "shed", "attic"] as const) {
    const posted = post(vm, coids[to], new Uint8Array(12));
    run(100);
    settle(vm);
    t.equal(posted.status, 5, `${to} answers`);
  }
  t.deepEqual(numbers, { attic: [1, 2], shed: [1, 2, 3] });
  t.end();
});

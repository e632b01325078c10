/**
 * What becomes of calls when statuses come late, are old, or the server dies again and again: two
 * boards of the proof (test/proof/boards) in one thread and in fake time.
 */
import test from "tape";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { statusText } from "../../../src/net/status.js";
import { BANK, Board } from "../../proof/boards/board.js";
import { Network } from "../../proof/boards/network.js";
import { Oracle } from "../../proof/boards/oracle.js";

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

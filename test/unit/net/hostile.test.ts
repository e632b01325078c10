/**
 * Gateways against boards that send anything: never throws, nothing leaks, and the calls of honest
 * boards stay exact. Two boards of the proof (test/proof/boards) in one thread and in fake time,
 * and a third one that is none. NET_SEED=n replays a run.
 */
import test from "tape";
import { viewUsage } from "../../../src/kernel/inspect/usage.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import type { Gateway } from "../../../src/net/gateway.js";
import * as F from "../../../src/net/frame.js";
import type { BoardLink } from "../../../src/net/link.js";
import { statusText } from "../../../src/net/status.js";
import { BANK, Board, CLIENTS } from "../../proof/boards/board.js";
import { Network } from "../../proof/boards/network.js";
import { Oracle } from "../../proof/boards/oracle.js";
import { as } from "../kernel/vms.js";

const seed = Number(process.env["NET_SEED"] ?? Date.now() % 1_000_000);
const STEP_MS = 5;
const STEPS = 4_000;
/** Messages of others: no client of an honest board has such an id. */
const STRANGER = 1_000_000;
/** Its frames are a little longer than the longest message, at most. */
const BODY_MAX = 80;
/** So many frames of honest boards are kept. */
const FRAMES_MAX = 500;
const ENEMY = "mallory";
const ENEMY_LIFE = 0x77;

/** Counts for honest clients only: what others have done for them is their own affair. */
class HonestOracle extends Oracle {
  override effect(bank: string, id: number, number: number): void {
    if (id < STRANGER) super.effect(bank, id, number);
  }
}

class Arena {
  readonly oracle = new HonestOracle();
  readonly network: Network;
  readonly boards: readonly [Board, Board];
  readonly random: () => number;
  /** What the third board has been sent. */
  readonly heard: Uint8Array[] = [];
  /** What honest boards have sent each other. */
  readonly frames: { readonly from: string; readonly to: string; readonly bytes: Uint8Array }[] =
    [];
  enemy!: BoardLink;

  constructor(title: number) {
    this.random = seededRandom(seed + title);
    this.network = new Network(this.random);
    this.network.heard = (from, to, bytes) => {
      if (from === ENEMY) return;
      const place = this.frames.length < FRAMES_MAX ? this.frames.length : this.whole(FRAMES_MAX);
      this.frames[place] = { from, to, bytes };
    };
    this.boards = [
      new Board("attic", ["cellar"], this.network, this.oracle, 0),
      new Board("cellar", ["attic"], this.network, this.oracle, CLIENTS),
    ];
    this.run(200);
  }

  /** A board joins that says and sends whatever it likes. */
  invite(): void {
    const will = statusText({ life: ENEMY_LIFE, services: null });
    this.network.join(ENEMY, will, (link) => {
      this.enemy = link;
      return {
        up: () => undefined,
        down: () => undefined,
        malformed: () => undefined,
        status: () => undefined,
        frame: (_from, bytes) => void this.heard.push(bytes),
      };
    });
    this.enemy.announce(statusText({ life: ENEMY_LIFE, services: [] }));
  }

  whole(end: number): number {
    return Math.floor(this.random() * end);
  }

  pick<T>(all: readonly T[]): T {
    return all[this.whole(all.length)]!;
  }

  /** So many steps; at each of them something else happens, too. */
  run(steps: number, act = (): void => undefined): void {
    for (let step = 0; step < steps; step++) {
      act();
      this.network.advance(STEP_MS);
      for (const board of this.boards) board.poll();
    }
  }

  /** A frame with anything in it. It is no message of an honest client. */
  any(session: number, life = 1): Uint8Array {
    const body = Uint8Array.from({ length: this.whole(BODY_MAX) }, () => this.whole(256));
    if (body.length >= 4) new DataView(body.buffer).setUint32(0, STRANGER + this.whole(99), true);
    const header = {
      type: this.whole(8),
      attempt: this.whole(8),
      service: this.random() < 0.8 ? 0 : this.whole(256),
      life: this.random() < 0.8 ? life : this.whole(256),
      priority: this.whole(256),
      session,
      client: this.whole(3),
      number: this.random() < 0.5 ? this.whole(10) : this.whole(F.NUMBERS),
      room: this.random() < 0.5 ? this.whole(64) : this.whole(0x1_0000),
    };
    return F.frameOf(header, body);
  }

  /** Some bytes of it are others, or it is shorter or longer. */
  mutate(bytes: Uint8Array): Uint8Array {
    const mutant = new Uint8Array(Math.max(0, bytes.length + this.pick([0, 0, 0, -1, 1, -9, 40])));
    mutant.set(bytes.subarray(0, mutant.length));
    for (let i = this.whole(4); i >= 0 && mutant.length > 0; i--) {
      mutant[this.whole(mutant.length)] = this.whole(256);
    }
    return mutant;
  }
}

/** How full its tables are, and for how many clients agents stand. */
function usageOf({ bench, gateway }: Board): string {
  const { channels, connections, names } = as(bench.main, viewUsage);
  const visitors = gateway.exports.visitors.filter((visitor) => visitor !== null).length;
  return [channels.used, connections.used, names.used, visitors].join();
}

const usages = ({ boards }: Arena): string[] => boards.map(usageOf);
const lifeOf = (board: Board): number => board.life;
const refused = ({ counts }: Gateway): number => counts.malformed + counts.strange;

test(`gateway: frames of a board that sends anything in its own name (NET_SEED=${seed})`, (t) => {
  const arena = new Arena(1);
  const before = usages(arena);
  const { oracle } = arena;
  arena.invite();
  arena.run(STEPS, () => {
    const target = arena.pick(arena.boards);
    const serviceLife = target.gateway.exports.services[0]!.life;
    const sessions = [
      F.sessionOf(ENEMY_LIFE, lifeOf(target)),
      F.sessionOf(lifeOf(target), ENEMY_LIFE),
      arena.whole(2 ** 32),
    ];
    for (let frames = arena.whole(4); frames > 0; frames--) {
      arena.enemy.send(target.name, arena.any(arena.pick(sessions), serviceLife));
    }
    if (arena.random() < 0.01) target.server?.kill();
    if (arena.random() < 0.02) arena.enemy.announce(statusText({ life: ENEMY_LIFE, services: [] }));
  });
  t.deepEqual(oracle.problems, [], "nothing of honest boards is lost, wrong or repeated");
  t.ok(arena.heard.length > 20, `${arena.heard.length} answers to those that were in order`);
  const { answers } = oracle;
  arena.enemy.announce(statusText({ life: ENEMY_LIFE + 1, services: [] }));
  arena.run(1_000);
  t.ok(oracle.answers > answers + 100, "honest boards go on");
  t.deepEqual(usages(arena), before, "what stood for the board is gone with it");
  t.deepEqual(oracle.problems, []);
  t.end();
});

test(`gateway: frames in the name of others, without their session (NET_SEED=${seed})`, (t) => {
  const arena = new Arena(2);
  const before = usages(arena);
  const { oracle, boards } = arena;
  const counted = boards.map(({ gateway }) => refused(gateway));
  const sent = [0, 0];
  arena.run(STEPS, () => {
    const i = arena.whole(2);
    const from = arena.pick(["nobody", `x${arena.whole(9)}`, boards[1 - i]!.name]);
    // Their own ones are used no more by the time that they come again: the number is an old one.
    const own = arena.pick(arena.frames.filter(({ to }) => to === boards[i]!.name));
    const bytes = arena.pick([arena.any(arena.whole(2 ** 32)), own.bytes.slice()]);
    new DataView(bytes.buffer).setUint32(4, arena.whole(2 ** 32), true);
    boards[i]!.gateway.frame(from, bytes);
    boards[i]!.gateway.frame(from, bytes.subarray(0, arena.whole(F.HEADER_BYTES)));
    sent[i]! += 2;
  });
  const more = boards.map(({ gateway }, i) => refused(gateway) - counted[i]!);
  t.deepEqual(more, sent, "each is refused and counted");
  t.deepEqual(oracle.problems, [], "nothing of honest boards is lost, wrong or repeated");
  t.deepEqual(usages(arena), before, "nothing is taken for them");
  t.ok(oracle.answers > 1_000, `${oracle.answers} answers`);
  t.end();
});

test(`gateway: what honest boards have sent, sent once more (NET_SEED=${seed})`, (t) => {
  const arena = new Arena(3);
  const { oracle, boards } = arena;
  arena.run(STEPS, () => {
    for (let frames = arena.whole(4); frames > 0; frames--) {
      const { from, to, bytes } = arena.pick(arena.frames);
      boards.find(({ name }) => name === to)!.gateway.frame(from, bytes);
    }
    if (arena.random() < 0.01) arena.pick(boards).server?.kill();
  });
  t.deepEqual(oracle.problems, [], "nothing is lost, wrong or repeated");
  t.ok(oracle.answers > 1_000, `${oracle.answers} answers`);
  t.ok(boards[0].gateway.exports.counts.repeats > 100);
  t.ok(boards[0].gateway.imports.counts.late > 100);
  t.end();
});

test(`gateway: changed frames and statuses of honest boards (NET_SEED=${seed})`, (t) => {
  const arena = new Arena(4);
  const { boards } = arena;
  const before = usages(arena);
  const texts = boards.map(({ life }) => statusText({ life, services: [{ name: BANK, life: 1 }] }));
  arena.run(STEPS, () => {
    // In their session, as if they came from them: they may do harm, but to nobody's memory.
    const { from, to, bytes } = arena.pick(arena.frames);
    const gateway = boards.find(({ name }) => name === to)!.gateway;
    gateway.frame(from, arena.mutate(bytes));
    const text = arena.mutate(new TextEncoder().encode(arena.pick(texts)));
    const board = arena.pick(["attic", "cellar", ENEMY, `x${arena.whole(99)}`]);
    gateway.status(board, new TextDecoder().decode(text), arena.random() < 0.5);
  });
  // As if both had booted anew; then they say themselves who they are.
  const reboot = statusText({ life: 1, services: [] });
  for (const { name } of boards) {
    for (const { gateway } of boards) gateway.status(name, reboot, false);
  }
  arena.run(3_000);
  const { answers } = arena.oracle;
  arena.run(1_000);
  t.ok(arena.oracle.answers > answers + 100, "both go on when it is over");
  t.deepEqual(usages(arena), before, "nothing is left of it");
  t.end();
});

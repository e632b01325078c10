/**
 * Runs the hostile tasks in the simulator, beside the honest.
 */
import { fileURLToPath } from "node:url";
import { createMsgInfo } from "reattach";
import { ham_connect, ham_verbose, VERBOSE_GET } from "reattach/ham";
import { boot, injectFaults, type System } from "reattach/node";
import { PATIENT } from "../../../patient-board.js";
import { Reports } from "./reports.js";
import {
  CALLS_OF_A_LIFE,
  type HostileResult,
  hostileTasks,
  KILL_EVERY_MS,
  leaksIn,
  LIMITS,
} from "./tasks.js";

/**
 * Attackers are killed as well, wherever they are: two of them can wait for each other's answer,
 * which is no error, on channels where no time limit ends that (_NTO_CHF_UNBLOCK).
 */
const KILLS = KILL_EVERY_MS.map((ms, i) => `kill:attacker${i + 1}:${ms}ms`);

function module(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

/** Runs until attackers have made so many calls. */
export async function attack(calls: number, seed: number): Promise<HostileResult> {
  const system: System = await boot({
    modules: {
      server: module("server"),
      client: module("client"),
      attacker: module("attacker"),
    },
    config: { reattach: { limits: LIMITS, tasks: hostileTasks(seed, false), board: PATIENT } },
  });
  const clientPids = (): number[] =>
    system.ps().flatMap(({ name, pid }) => (name.startsWith("client") ? [pid] : []));
  const reports = new Reports(createMsgInfo(), (pid) => clientPids().includes(pid));
  const accidents: string[] = [];
  let lives = 0;
  let deaths = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const poll = (): void => {
    reports.poll();
    if (reports.isOver) finish();
  };
  system.on("bell", poll);
  system.on("death", ({ name, cause, text }) => {
    if (!name.startsWith("attacker")) {
      accidents.push(`${name}: ${cause}: ${text}`);
      finish();
      return;
    }
    deaths++;
    if (cause === "throw" && text.includes("life is over")) lives++;
    reports.isEnough = lives * CALLS_OF_A_LIFE >= calls;
  });
  await system.start();
  const faults = injectFaults(system, KILLS, seed);
  await finished;
  faults.stop();
  ham_connect(0);
  const isManagerAlive = ham_verbose(null, VERBOSE_GET, 0) >= 0;
  await system.stop();
  reports.close();
  const leaks = leaksIn(system.usage());
  const counts = { answers: reports.sum(1), wrong: reports.sum(2), failed: reports.sum(3) };
  return { calls: lives * CALLS_OF_A_LIFE, deaths, ...counts, accidents, leaks, isManagerAlive };
}

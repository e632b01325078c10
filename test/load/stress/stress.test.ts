/**
 * Messages among 8 tasks that are killed at random points: none is lost or wrong, and
 * nothing is left behind.
 *
 * STRESS_SEED replays the choices of a run, STRESS_MESSAGES makes it longer, STRESS_KILLS harder.
 */
import test from "tape";
import { judge } from "./judge.js";
import { stress } from "./run.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const messages = Number(process.env["STRESS_MESSAGES"] ?? 10_000);

/** Kills, as a multiple of the usual: more of them, and less time to send between two. */
const rate = Number(process.env["STRESS_KILLS"] ?? 1);

const title = `stress: ${messages} messages among 8 tasks that are killed (STRESS_SEED=${seed})`;

test(title, async (t) => judge(t, messages, await stress({ messages, seed, rate })));

/**
 * `npm run bench`, second part: what recovery costs a message that needs none. MsgSend on an
 * HA-aware connection, as a ratio to the kernel's plain call underneath, in one task, pinned to one
 * core. Batches of the two take turns, and take turns in who is first.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { COVERED, PLAIN } from "./cover-client.js";
import { here, show, spreadOf, startClient } from "./measure.js";

const BATCHES = 80;
const ROUNDS = 2_000;
/** Batches before the first that counts: compilers and caches. */
const WARM_UP = 10;
const INSIDE = "--inside";

async function measure(): Promise<void> {
  const client = await startClient(here("cover-client"));
  const ratios: number[] = [];
  for (let batch = 0; batch < WARM_UP + BATCHES; batch++) {
    const order = batch % 2 === 0 ? [PLAIN, COVERED] : [COVERED, PLAIN];
    const us = [0, 0];
    for (const kind of order) us[kind] = await client.order(ROUNDS, kind);
    if (batch >= WARM_UP) ratios.push(us[COVERED]! / us[PLAIN]!);
  }
  await client.stop();
  console.log(`pinned to one core, ${BATCHES} batches of ${ROUNDS} round trips, taking turns:
  HA-aware / plain call       ${show(spreadOf(ratios))}
`);
}

if (process.argv.includes(INSIDE)) {
  await measure();
} else {
  const own = [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url), INSIDE];
  const { status, error } = spawnSync("taskset", ["-c", "0", ...own], { stdio: "inherit" });
  if (error !== undefined) console.log(`not measured: taskset is not there (${error.message})`);
  else if (status !== 0) process.exitCode = 1;
}

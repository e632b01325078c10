/**
 * Runs an application under kills, and says by which hash.
 */
import type { Prepared } from "../../../../hosts/node/simulate/prepare.js";

/** What a run is known by. */
export interface Known {
  readonly hash: string;
  readonly deaths: number;
}

/** A run of so many virtual milliseconds, in which a task is killed again and again. */
export async function runKilled(app: Prepared, seed: number, ms: number): Promise<Known> {
  await using simulation = await app.start({ seed, preemption: [0, 200, 20, 5][seed % 4]! });
  const names = app.manifest.tasks.map(({ name }) => name);
  for (let kill = 0; simulation.now_ms < ms; kill++) {
    await simulation.advance(50 + ((seed * 37) % 400));
    await simulation.kill(names[kill % names.length]!);
  }
  return { hash: simulation.hash, deaths: simulation.deaths.length };
}

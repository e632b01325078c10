/**
 * The looks at tasks between two frames: each stands for its time, also after a pause.
 */
import test from "tape";
import { SAMPLE_MS } from "../../../../hosts/node/watch/protocol.js";
import { Sampler } from "../../../../hosts/node/watch/sampler.js";
import { PLAIN } from "../fake-controllable.js";

const TASKS = [{ ...PLAIN, name: "main", pid: 512, state: "RUNNING" as const }];
const BEGIN_MS = 1_000;

test("sampler: a look that comes late says nothing of those before", (t) => {
  const sampler = new Sampler([], BEGIN_MS);
  for (const ms of [0, 10, 50]) sampler.look(TASKS, BEGIN_MS + ms);
  const { samples, late_ms } = sampler.take();
  t.deepEqual([samples.from_ms, samples.rows[0], late_ms], [BEGIN_MS, "..???.", 30]);
  sampler.look(TASKS, BEGIN_MS + 60);
  t.equal(sampler.take().samples.from_ms, BEGIN_MS + 60, "the next begin where these end");
  t.end();
});

test("sampler: after a pause of minutes a look is told with its own time", (t) => {
  for (const pause_ms of [99_990, 100_000, 100_010, 3_600_000]) {
    const sampler = new Sampler([], BEGIN_MS);
    sampler.look(TASKS, BEGIN_MS);
    const now = BEGIN_MS + pause_ms;
    sampler.look(TASKS, now);
    const { samples, late_ms } = sampler.take();
    const [row = ""] = samples.rows;
    const last_ms = samples.from_ms + (row.length - 1) * SAMPLE_MS;
    t.deepEqual([last_ms, row.at(-1)], [now, "."], `${pause_ms} ms`);
    t.ok(row.length <= 10_000, `${row.length} looks are kept`);
    t.equal(late_ms, pause_ms - SAMPLE_MS, "the main VM was late");
    sampler.look(TASKS, now + SAMPLE_MS);
    t.equal(sampler.take().samples.from_ms, now + SAMPLE_MS, "and it goes on");
  }
  t.end();
});

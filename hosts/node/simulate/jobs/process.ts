/**
 * The first module of a process that makes runs for another one (process-job.ts). It lives as long
 * as that, and leaves the keys of a terminal to it.
 */
import { prepare } from "../prepare.js";
import { LocalJob, type Ran } from "./job.js";
import type { FromJob, ToJob } from "./protocol.js";

let job: LocalJob | null = null;
/** It may be told so before the application is prepared. */
let isCut = false;

function tell(message: FromJob): void {
  process.send?.(message);
}

async function obey(message: ToJob): Promise<Ran | null> {
  switch (message.type) {
    case "start":
      job = new LocalJob(await prepare(message.manifest, message.options));
      if (isCut) job.cut();
      return null;
    case "run":
      return job!.run(message.order, (ms) => tell({ type: "passed", ms }));
    case "shrink":
      return job!.shrink(message.ran, message.check, message.limit_ms);
    case "cut":
      isCut = true;
      job?.cut();
      return null;
  }
}

/** One after the other; but "cut" is for what goes on. */
let last: Promise<void> = Promise.resolve();

async function answer(message: ToJob): Promise<void> {
  try {
    const ran = await obey(message);
    if (ran !== null) tell({ type: "done", ran, cpu_s: job!.cpu_s() });
  } catch (error) {
    tell({ type: "failed", text: error instanceof Error ? String(error.stack) : String(error) });
  }
}

process.on("message", (message: ToJob) => {
  if (message.type === "cut") void answer(message);
  else last = last.then(() => answer(message));
});
process.on("disconnect", () => process.exit());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

/**
 * `reattach dev`: runs an application in the simulator, and serves a page on this machine that
 * shows what goes on and steers it.
 */
import { Desk } from "../control/desk.js";
import type { Control } from "../control/control.js";
import { Metrics } from "../dev/metrics.js";
import { openStudio, type Studio } from "../dev/server.js";
import { InputError } from "../input-error.js";
import { outputOf } from "../log/output.js";
import { shownPath } from "../manifest/shown-path.js";
import { type SourceWatch, watchSources } from "../reload/watch-sources.js";
import { type FaultInjection, injectFaults } from "../faults/injector.js";
import { boot, type System } from "../system/system.js";
import { compileTasks } from "./check.js";
import { EXIT_FAILED, EXIT_GOOD, FailedError } from "./exit-code.js";
import { FAULT_OPTIONS, readFaultOptions } from "./fault-options.js";
import { INSPECT_OPTION, readInspect, withInspectValue } from "./inspect-option.js";
import { checkLogTasks, LOG_OPTIONS, readLogOptions } from "./log-options.js";
import { readOptions } from "./options.js";
import { readPort } from "./port-option.js";
import { logDeath } from "./recorder.js";
import { tryControl } from "./try-control.js";

/** Where the build has put the page. */
const PAGE = new URL("../../../../page/", import.meta.url);

/** Resolves when somebody wants it to end. That all tasks have ended is no reason. */
function untilEnd(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.off("SIGINT", end);
      process.off("SIGTERM", end);
      resolve();
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
  });
}

async function open(system: System, faults: FaultInjection, desk: Desk, port: number) {
  try {
    return await openStudio({ desk, metrics: new Metrics(system, faults), page: PAGE, port });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new FailedError((error as Error).message, { cause: error });
  }
}

/** Runs it until somebody ends it. True when all of it could be ended. */
async function serve(system: System, faults: FaultInjection, port: number): Promise<boolean> {
  const desk = new Desk(system, faults);
  let control: Control | undefined;
  let studio: Studio | null = null;
  let watching: SourceWatch | null = null;
  try {
    // Before anything happens: who looks later sees what was.
    await desk.watch();
    studio = await open(system, faults, desk, port);
    control = await tryControl(system, desk);
    const ended = untilEnd();
    outputOf(1).write(`${studio.address}\n`);
    // Not with a Recorder, which grows: this may go on for days.
    system.on("death", (death) => {
      logDeath(system, death, faults.hasStruck(death.name, death.pid));
    });
    watching = await watchSources(system);
    await system.start();
    await ended;
  } finally {
    faults.stop();
    watching?.close();
    await studio?.close();
    await control?.close();
    await desk.close();
  }
  return (await system.stop()) !== "stuck";
}

/** Runs the command. Returns its exit code; throws an InputError or a FailedError. */
export async function dev(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(withInspectValue(argv), {
    options: {
      port: { type: "string" },
      ...INSPECT_OPTION,
      ...FAULT_OPTIONS,
      ...LOG_OPTIONS,
    },
    required: [],
    optional: ["manifest"],
  });
  const port = readPort(values.port, 1, 0);
  const { seed, faults: plan } = readFaultOptions(values);
  const log = readLogOptions(values);
  const inspect = readInspect(values.inspect);
  const system = await boot(positionals[0] ?? ".", { seed, log, trace: {}, ...inspect });
  try {
    checkLogTasks(
      log,
      system.manifest.tasks.map(({ name }) => name),
    );
    await compileTasks(system.manifest, system.live.application.programs.compiler);
    const faults = injectFaults(system, plan, seed);
    outputOf(2).write(`running ${shownPath(system.manifest.file)}, seed ${seed}\n`);
    return (await serve(system, faults, port)) ? EXIT_GOOD : EXIT_FAILED;
  } finally {
    await system.stop();
  }
}

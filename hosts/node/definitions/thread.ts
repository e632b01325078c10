/**
 * The thread that looks at definitions of services before a task runs: it loads the modules that
 * have some, as the linker of a device does with those that are preloaded.
 *
 * To these modules this one is "reattach/service": its defineService also compares messages with
 * the manifest, and tells the main thread what is wrong.
 */
import { parentPort, workerData } from "node:worker_threads";
import * as service from "../../../src/service/index.js";
import { checkLimits } from "../../../src/service/limits.js";
import { questionTag } from "../../../src/service/protocol.js";
import { installSourceMaps } from "../compile/source-maps.js";
import type { DefinitionsMessage, DefinitionsStart, ServiceShape } from "./protocol.js";

export * from "../../../src/service/index.js";

const { programs, messageBytes } = workerData as DefinitionsStart;

function tell(message: DefinitionsMessage): void {
  parentPort?.postMessage(message);
}

/** In a line of a stack: `at name (file:line:column)`, or without a name. */
const PLACE = /\n\s+at (?:.* \()?([^()\n]+:\d+:\d+)\)?/;

/** Where this module's defineService has been called. */
function callerPlace(): string {
  const holder = { stack: "" };
  Error.captureStackTrace(holder, defineService);
  return PLACE.exec(holder.stack)?.[1] ?? "";
}

function shapeOf({ name, type, calls }: service.Service<service.Members>): ServiceShape {
  return {
    name,
    question: questionTag(type),
    calls: calls.map(({ name: call, tag, request, reply }) => {
      return { name: call, tag, request: request.shape, reply: reply.shape };
    }),
  };
}

/** Stands in for the one of src/service, which it calls. */
export const defineService: typeof service.defineService = (name, members, options) => {
  try {
    const defined = service.defineService(name, members, options);
    checkLimits(defined, messageBytes);
    tell({ type: "defined", fingerprint: defined.fingerprint, service: shapeOf(defined) });
    return defined;
  } catch (error) {
    const { message } = error as Error;
    tell({ type: "problem", place: callerPlace(), text: message });
    throw error;
  }
};

/** What else a module throws, its task tells when it is started. */
function ignore(): void {}

async function run(): Promise<void> {
  installSourceMaps();
  process.on("uncaughtException", ignore);
  for (const program of programs) await import(program).catch(ignore);
  tell({ type: "done" });
  process.exit();
}

void run();

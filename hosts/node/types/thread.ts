/**
 * The thread that checks types. It holds the compiler and what that knows of the application, so
 * that a check after the first one takes tens of milliseconds. What it throws ends it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { loadCompiler } from "./compiler.js";
import type { TypesRequest, TypesStart } from "./protocol.js";
import { TypedProgram } from "./typed-program.js";

const { compiler, config } = workerData as TypesStart;
const program = new TypedProgram(loadCompiler(compiler), config);

parentPort!.on("message", ({ sources }: TypesRequest) => {
  parentPort!.postMessage(program.check(sources));
});

/**
 * `reattach broker`: a broker of MQTT for boards on this machine, until Ctrl-C.
 */
import { once } from "node:events";
import { startBroker } from "../net/broker.js";
import { EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { readPort } from "./port-option.js";

/** MQTT's own. */
const PORT = 1_883;

/** Runs the command. Returns its exit code; throws a UsageError for what the user wrote wrong. */
export async function broker(argv: string[]): Promise<number> {
  const { values } = readOptions(argv, {
    options: { port: { type: "string" } },
    required: [],
    optional: [],
  });
  const started = await startBroker(readPort(values.port, 0, PORT));
  const signal = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  process.stdout.write(`${started.url}\n`);
  await signal;
  await started.stop();
  return EXIT_GOOD;
}

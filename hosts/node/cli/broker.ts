/**
 * `reattach broker`: a broker of MQTT for boards on this machine, until Ctrl-C.
 */
import { once } from "node:events";
import { startBroker } from "../net/broker.js";
import { EXIT_GOOD } from "./exit-code.js";
import { readNumber } from "./length.js";
import { readOptions } from "./options.js";

/** MQTT's own. */
const PORT = 1_883;
const PORT_MAX = 65_535;

/** Runs the command. Returns its exit code; throws a UsageError for what the user wrote wrong. */
export async function broker(argv: string[]): Promise<number> {
  const { values } = readOptions(argv, {
    options: { port: { type: "string" } },
    required: [],
    optional: [],
  });
  const port = values.port === undefined ? PORT : readNumber(values.port, "--port", PORT_MAX);
  const started = await startBroker(port);
  const signal = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  process.stdout.write(`${started.url}\n`);
  await signal;
  await started.stop();
  return EXIT_GOOD;
}

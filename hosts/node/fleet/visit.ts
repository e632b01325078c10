/**
 * Visits of a fleet to a broker that is not its own: whether it is there, and taking out what the
 * boards have left, which it would keep for ever.
 */
import type { MqttClient } from "mqtt";
import { statusTopic } from "../../../src/net/topics.js";
import { connectionOptions, credentialsOf, loadMqtt, ONCE, reasonOf } from "../net/connection.js";
import { FleetError } from "./fleet-error.js";

async function visit(broker: string, act: (client: MqttClient) => Promise<unknown>): Promise<void> {
  const connect = await loadMqtt("fleet");
  const client = connect(broker, {
    ...connectionOptions(credentialsOf({}, process.env), Math.random),
    ...ONCE,
  });
  try {
    await new Promise((resolve, reject) => {
      client.on("connect", resolve).on("error", reject);
      client.on("close", () => reject(new Error("the connection was closed")));
    });
    await act(client);
  } catch (error) {
    throw new FleetError(`the broker: ${reasonOf(error as Error)}`);
  } finally {
    await client.endAsync(true);
  }
}

/** Rejects with a FleetError when the broker is not there, or does not let this user in. */
export async function greet(broker: string): Promise<void> {
  await visit(broker, () => Promise.resolve());
}

/** Takes out the statuses of boards. Rejects with a FleetError when that cannot be done. */
export async function forget(
  broker: string,
  prefix: string,
  boards: readonly string[],
): Promise<void> {
  const empty = { qos: 1, retain: true } as const;
  await visit(broker, (client) =>
    Promise.all(boards.map((board) => client.publishAsync(statusTopic(prefix, board), "", empty))),
  );
}

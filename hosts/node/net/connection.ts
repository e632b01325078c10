/**
 * What all connections to a broker have in common: the MQTT client of npm's "mqtt", who it says
 * that it is, how long it waits, and why there is none, in words.
 */
import { readFileSync } from "node:fs";
import type { IClientOptions, MqttClient } from "mqtt";
import { BROKER_ALLOWED, readBroker } from "../../../src/manifest/net-names.js";
import { KEEPALIVE_MS, reconnectPause } from "../../../src/net/reconnect.js";
import { UsageError } from "../input-error.js";
import { loadOptional } from "../optional-package.js";

/** What stands in no manifest; what is not given comes from the environment. */
export interface NetOptions {
  /** The name of this board: REATTACH_BOARD, else that of the manifest. */
  readonly board?: string;
  /** The broker: REATTACH_BROKER, else that of the manifest. */
  readonly broker?: string;
  /** REATTACH_MQTT_USER. */
  readonly username?: string;
  /** REATTACH_MQTT_PASSWORD. */
  readonly password?: string;
  /** File with the certificate of who has signed that of the broker: REATTACH_MQTT_CA. */
  readonly ca?: string;
}

/** What "mqtt" exports, as far as it is used. */
export type Connect = (url: string, options: IClientOptions) => MqttClient;

const CONNECT_MS = 5_000;

/** Options of every connection; it is made again and again, also when the broker refuses it. */
export function connectionOptions(
  credentials: IClientOptions,
  random: () => number,
): IClientOptions {
  return {
    ...credentials,
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE_MS / 1_000,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: reconnectPause(0, random),
    queueQoSZero: false,
    resubscribe: false,
    // A password may be put right at the broker, and one that starts may refuse all.
    reconnectOnConnackError: true,
  };
}

/** Instead: one try, and the connection is not made again. */
export const ONCE: IClientOptions = { reconnectPeriod: 0, reconnectOnConnackError: false };

/** Has it wait longer and longer for a broker that does not come back. */
export function growPauses(client: MqttClient, random: () => number): void {
  let failures = 0;
  client.on("connect", () => {
    failures = 0;
    client.options.reconnectPeriod = reconnectPause(0, random);
  });
  // It has set its timer already: this is for the next time.
  client.on("close", () => {
    failures++;
    client.options.reconnectPeriod = reconnectPause(failures, random);
  });
}

/** Why there is no connection, in words: a host with several addresses has several reasons. */
export function reasonOf(error: Error): string {
  const all = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return all.map(({ message }) => message).join(", ");
}

/** The address of a broker, checked; `what` is what its UsageError begins with. */
export function checkedBroker(broker: string, what: string): string {
  if (readBroker(broker) !== null && URL.canParse(broker)) return broker;
  throw new UsageError(`${what}: found the broker "${broker}", allowed ${BROKER_ALLOWED}`);
}

/** User, password and certificate, as they are given, else from the environment. */
export function credentialsOf(given: NetOptions, env: NodeJS.ProcessEnv): IClientOptions {
  const username = given.username ?? env["REATTACH_MQTT_USER"];
  const password = given.password ?? env["REATTACH_MQTT_PASSWORD"];
  const ca = given.ca ?? env["REATTACH_MQTT_CA"];
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca: readCertificate(ca) }),
  };
}

function readCertificate(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`net: the certificate cannot be read: ${(error as Error).message}`);
  }
}

/** Loads the client. Rejects with a UsageError, which says `what` needs it, where it is not. */
export async function loadMqtt(what: string): Promise<Connect> {
  const { connect } = await loadOptional(
    () => import("mqtt"),
    () => new UsageError(`${what} needs the package "mqtt": npm install mqtt@5`),
  );
  return connect;
}

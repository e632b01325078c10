/**
 * Where `reattach boards` looks, and the connection to it.
 */
import { existsSync } from "node:fs";
import { isPrefix, PREFIX, PREFIX_ALLOWED } from "../../../src/manifest/net.js";
import { SILENT_MS } from "../../../src/manifest/net-keys.js";
import { UsageError } from "../input-error.js";
import { readManifest } from "../manifest/read.js";
import { checkedBroker, credentialsOf, loadMqtt } from "../net/connection.js";
import { BoardsObserver, type ObserverEvents } from "../net/observer.js";
import { FailedError } from "./exit-code.js";
import { printable } from "./printable.js";

/** The longest reason that is told: an error of TLS has names of the other side in it. */
const REASON_MAX = 300;

/** Where boards are looked for. */
export interface Place {
  readonly broker: string;
  readonly prefix: string;
  /** A board that has said nothing for so long is silent. */
  readonly silent_ms: number;
}

interface Given {
  readonly broker?: string | undefined;
  readonly prefix?: string | undefined;
}

/** What the command line, the environment and the manifest of this folder say, in this order. */
export function placeOf(given: Given, env: NodeJS.ProcessEnv): Place {
  const isManifestRead = given.broker === undefined && existsSync("manifest.json");
  const net = isManifestRead ? readManifest(".").net : null;
  const broker = given.broker ?? env["REATTACH_BROKER"] ?? net?.broker;
  if (broker === undefined) {
    throw new UsageError(
      "found no broker, allowed is --broker mqtt://host:1883, REATTACH_BROKER, or a manifest " +
        'with a "net" in this folder',
    );
  }
  return {
    broker: checkedBroker(broker, "boards"),
    prefix: checkedPrefix(given.prefix ?? net?.prefix ?? PREFIX),
    silent_ms: net?.silent_ms ?? SILENT_MS,
  };
}

/** `--prefix`, or what stands in its place, checked. */
export function checkedPrefix(prefix: string): string {
  if (isPrefix(prefix)) return prefix;
  throw new UsageError(`--prefix: found "${prefix}", allowed ${PREFIX_ALLOWED}`);
}

/** The address of a broker, without a password that stands in it. */
export function shownBroker(broker: string): string {
  return printable(broker.replace(/\/\/.*@/, "//"));
}

/** Why there is no connection, after the broker that it is about. */
export function shownReason({ broker }: Place, reason: string): string {
  return `${shownBroker(broker)}: ${printable(reason, REASON_MAX)}`;
}

/** Begins to look. Throws a UsageError. */
export async function observe(
  { broker, prefix }: Place,
  isLasting: boolean,
  events: ObserverEvents,
): Promise<BoardsObserver> {
  const credentials = credentialsOf({}, process.env);
  const connect = await loadMqtt("boards: that");
  const { random } = Math;
  const now = (): number => performance.now();
  return new BoardsObserver(
    { connect, broker, prefix, credentials, random, now, isLasting },
    events,
  );
}

/** Waits until all is known. Throws a FailedError. */
export async function untilKnown(place: Place, observer: BoardsObserver): Promise<void> {
  try {
    await observer.known;
  } catch (error) {
    const { message } = error as Error;
    throw new FailedError(shownReason(place, message), { cause: error });
  }
}

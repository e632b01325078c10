/**
 * What a board says of itself to all others, as retained JSON: which life it is in, and which of
 * its services are there. The broker says in its place that it is gone, when it does not come to
 * say so: its last will.
 */
import { isUint32 } from "../kernel/argument.js";
import { SERVICES_MAX } from "../manifest/net-names.js";

/** A service that a board exports. */
export interface ServiceStatus {
  readonly name: string;
  /** Another number for each incarnation of its channel, from 1 on; 0 while it is not there. */
  readonly life: number;
}

/** What a board has said. */
export interface BoardStatus {
  /** Drawn when it booted: another one each time. 32 bits, not 0. */
  readonly life: number;
  /** In the order of their numbers in frames; null when the board is gone. */
  readonly services: readonly ServiceStatus[] | null;
}

/** Of the text: another one when what stands in it, or in a frame, means something else. */
export const VERSION = 1;

/** Longer is none of ours. */
const TEXT_MAX = 65_536;

/** The text of a status. */
export function statusText({ life, services }: BoardStatus): string {
  const names = services?.map((service) => [service.name, service.life]) ?? null;
  return JSON.stringify({ version: VERSION, life, services: names });
}

/** What a text says; null for one that is no status, or one of another version. */
export function readStatus(text: string): BoardStatus | null {
  if (text.length > TEXT_MAX) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Whoever may write to the topic may write anything.
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { version, life, services } = value as Record<string, unknown>;
  if (version !== VERSION || !isUint32(life) || life === 0) return null;
  if (services === null) return { life, services };
  if (!Array.isArray(services) || services.length > SERVICES_MAX) return null;
  const read: ServiceStatus[] = [];
  for (const entry of services as unknown[]) {
    if (!Array.isArray(entry)) return null;
    const [name, serviceLife] = entry as unknown[];
    if (typeof name !== "string" || !isUint32(serviceLife)) return null;
    read.push({ name, life: serviceLife });
  }
  return { life, services: read };
}

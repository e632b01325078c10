/**
 * Messages of a service and the limits of the system: known where a task runs, not where a service
 * is defined.
 */
import { systemLimits } from "../index.js";
import type { Members, Service } from "./define.js";

/** Throws a RangeError when the service has messages that are too long for this system. */
export function checkLimits({ name, messageBytes }: Service<Members>, caller: string): void {
  const most = systemLimits().messageBytes;
  if (messageBytes <= most) return;
  throw new RangeError(
    `${caller}: ${name} has messages of ${messageBytes} bytes, limits.messageBytes is ${most}`,
  );
}

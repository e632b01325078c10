/**
 * Messages of a service and the limits of the system.
 */
import type { Members, Service } from "./define.js";

/** Throws a RangeError when the service has messages that are longer than `most` bytes. */
export function checkLimits({ name, calls, messageBytes }: Service<Members>, most: number): void {
  if (messageBytes <= most) return;
  let longest = name;
  for (const { name: call, request, reply } of calls) {
    if (request.bytes === messageBytes) longest = `${name}.${call}: its request`;
    else if (reply.bytes === messageBytes) longest = `${name}.${call}: its reply`;
  }
  throw new RangeError(
    `${longest} has ${messageBytes} bytes, config.reattach.limits.messageBytes allows ${most}`,
  );
}

/**
 * The names of what a task can be asked.
 */
import type { ServiceShape } from "./protocol.js";

/**
 * What a task can be asked by typed calls: the first words of their requests, by the name of the
 * call, or by service.call where two have the same. `own` are the services that the manifest gives
 * it; of a task that has none there these are all that there are.
 */
export function callsOf(
  services: readonly ServiceShape[],
  own: readonly string[],
): ReadonlyMap<string, number> {
  const asked = services
    .filter(({ name }) => own.length === 0 || own.includes(name))
    .flatMap(({ name, calls }) => calls.map(({ name: call, tag }) => ({ name, call, tag })));
  return new Map(
    asked.map(({ name, call, tag }) => {
      const isOnly = asked.filter((other) => other.call === call).length === 1;
      return [isOnly ? call : `${name}.${call}`, tag];
    }),
  );
}

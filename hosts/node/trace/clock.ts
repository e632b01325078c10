/**
 * The clock of traces: microseconds that all threads of the process count alike.
 */

/**
 * Of the system's monotonic clock. Not performance.now(): each thread would have to find out once
 * how far it is from the others', and may be held up while it does.
 */
export function microseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1e3);
}

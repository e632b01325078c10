/**
 * Who has sent how much to whom, and how long it took: counters and a histogram for each pair of a
 * client and a server.
 */
import { bucketOf, BUCKETS } from "./buckets.js";

/** As many as a board has connections; what comes after is counted together. */
const ROUTES_MAX = 4_096;
const OTHERS = -1;

/** The messages from one task to another. A copy. */
export interface RouteView {
  readonly client: string;
  readonly server: string;
  /** Calls that began. */
  readonly sent: number;
  /** Of those that are over: with a status, */
  readonly returned: number;
  /** and with an error. */
  readonly failed: number;
  /** Transmissions after the first of a message. */
  readonly repeated: number;
  readonly bytes: number;
  /** Of those that returned: buckets[n] took less than 2^n microseconds, and no less than half. */
  readonly buckets: readonly number[];
}

interface Route {
  readonly client: number;
  readonly server: number;
  sent: number;
  returned: number;
  failed: number;
  repeated: number;
  bytes: number;
  readonly buckets: number[];
}

export class Routes {
  readonly #routes = new Map<number, Route>();

  sent(client: number, server: number, bytes: number, isRepeated: boolean): void {
    const route = this.#of(client, server);
    route.sent++;
    route.bytes += bytes;
    if (isRepeated) route.repeated++;
  }

  ended(client: number, server: number, time_us: number, isGood: boolean): void {
    const route = this.#of(client, server);
    if (!isGood) {
      route.failed++;
      return;
    }
    route.returned++;
    route.buckets[bucketOf(time_us)]!++;
  }

  /** All of them; `nameOf` names the task in a place. */
  view(nameOf: (place: number) => string): RouteView[] {
    return [...this.#routes.values()].map(({ client, server, buckets, ...counts }) => ({
      client: client === OTHERS ? "others" : nameOf(client),
      server: server === OTHERS ? "others" : nameOf(server),
      ...counts,
      buckets: buckets.slice(),
    }));
  }

  #of(client: number, server: number): Route {
    const key = client * 1_024 + server;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    if (this.#routes.size >= ROUTES_MAX && client !== OTHERS) return this.#of(OTHERS, OTHERS);
    const counts = { sent: 0, returned: 0, failed: 0, repeated: 0, bytes: 0 };
    const buckets = Array.from({ length: BUCKETS }, () => 0);
    const route = { client, server, ...counts, buckets };
    this.#routes.set(key, route);
    return route;
  }
}

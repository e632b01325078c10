/**
 * A frame: how everything is, put together from what the system shows.
 */
import * as L from "../../../src/arena/layout.js";
import type { ConnectionView } from "../../../src/kernel/inspect/connections.js";
import type { SystemUsage, Usage } from "../../../src/kernel/inspect/usage.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { FaultInjection } from "../faults/injector.js";
import type { System } from "../system/system.js";
import { planOf } from "./plan.js";
import type { ConnectionRow, Frame, Samples, TaskRow } from "./protocol.js";
import type { Traffic } from "./traffic.js";

/** What is remembered from frame to frame. */
export interface FrameParts {
  /** When a connection was first seen to lead where it does: by client, number and id. */
  since: Map<string, number>;
  /** The most that was seen of tables which keep no count of it. */
  readonly highest: Map<string, number>;
}

/** What has just been looked at. */
export interface Seen {
  readonly ms: number;
  readonly late_ms: number;
  readonly tasks: readonly TaskStatus[];
  readonly connections: readonly ConnectionView[];
  readonly samples: Samples;
}

export function buildFrame(
  system: System,
  faults: FaultInjection,
  parts: FrameParts,
  { ms, late_ms, tasks, connections, samples }: Seen,
): Frame {
  // A server that has just died has another pid than its place: the place is what is asked for.
  const names = new Map(tasks.map(({ name, pid }) => [pid, name]));
  const nameOf = (pid: number): string => (pid === 0 ? "" : (names.get(pid) ?? ""));
  return {
    type: "frame",
    ms,
    late_ms,
    board: system.state,
    tasks: tasks.map((task) => asRow(system, task)),
    connections: rowsOf(system, connections, nameOf, parts, ms),
    channels: system.channels().map(({ server, chid, services, queued, pulses }) => ({
      serverPid: server,
      server: nameOf(server),
      chid,
      services,
      queued,
      pulses,
    })),
    tables: withHighest(system.usage(), parts.highest),
    net: system.net(),
    faults: planOf(system, faults),
    samples,
  };
}

/** Node.js says of the main VM how much it holds; a thread that traces says it itself. */
function asRow(system: System, task: TaskStatus): TaskRow {
  if (task.pid === 0) return { ...task, heapBytes: null, heapBytesMax: null };
  const place = task.pid & L.PID_INDEX_MASK;
  if (place === 0) {
    return { ...task, heapBytes: process.memoryUsage().heapUsed, heapBytesMax: null };
  }
  const heap = system.isTraced ? system.tracing.details(place).heap() : null;
  return { ...task, heapBytes: heap?.used ?? null, heapBytesMax: heap?.most ?? null };
}

function rowsOf(
  system: System,
  connections: readonly ConnectionView[],
  nameOf: (pid: number) => string,
  parts: FrameParts,
  ms: number,
): ConnectionRow[] {
  const traffic = trafficOf(system);
  const since = new Map<string, number>();
  const rows = connections.map((connection): ConnectionRow => {
    const { client, coid, server, service, id, waits, isRecovering } = connection;
    const key = `${client} ${coid} ${id}`;
    const since_ms = parts.since.get(key) ?? ms;
    since.set(key, since_ms);
    const route = `${nameOf(client)} ${nameOf(server)}`;
    const counted = traffic.get(route) ?? null;
    traffic.delete(route);
    const place = client & L.PID_INDEX_MASK;
    return {
      clientPid: client,
      client: nameOf(client),
      coid,
      serverPid: server,
      server: nameOf(server),
      service,
      since_ms,
      waits,
      isRecovering,
      traffic: counted,
      trips: system.isTraced ? system.tracing.details(place).trips(coid) : null,
    };
  });
  parts.since = since;
  return rows;
}

/** What a tracing kernel has counted, by the names of client and server; else nothing. */
function trafficOf(system: System): Map<string, Traffic> {
  const traffic = new Map<string, Traffic>();
  if (!system.isTraced) return traffic;
  for (const {
    client,
    server,
    sent,
    failed,
    repeated,
    bytes,
    buckets,
  } of system.tracing.routes()) {
    const counts = { messages: sent, failed, repeated, bytes, buckets };
    traffic.set(`${client} ${server}`, counts);
  }
  return traffic;
}

/** Puts what was seen in place of what is not counted. */
function withHighest(usage: SystemUsage, highest: Map<string, number>): SystemUsage {
  const entries = Object.entries<Usage>({ ...usage }).map(([table, row]) => {
    const seen = Math.max(highest.get(table) ?? 0, row.used);
    highest.set(table, seen);
    return [table, { ...row, highest: row.highest ?? seen }];
  });
  return Object.fromEntries(entries) as SystemUsage;
}

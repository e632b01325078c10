/**
 * What Prometheus reads: each number where the system shows it, and nothing of tasks that are gone.
 */
import test from "tape";
import { Metrics } from "../../../../hosts/node/dev/metrics.js";
import { TASKS, USAGE } from "../fake-controllable.js";

const SYSTEM = {
  view: () => [...TASKS],
  usage: () => USAGE,
  channels: () => [{ server: 4113, chid: 1, services: ["heat"], queued: 3, pulses: 2 }],
  isTraced: false,
  // Nobody asks for it.
  tracing: null as never,
};

async function linesOf(system: typeof SYSTEM): Promise<string[]> {
  const metrics = new Metrics(system, { injected: 5 });
  // Twice: nothing adds up from one look to the next.
  await metrics.text();
  return (await metrics.text()).split("\n");
}

test("metrics: the numbers of tasks, tables, queues and faults", async (t) => {
  const lines = await linesOf(SYSTEM);
  for (const line of [
    'reattach_restarts_total{task="store"} 1234',
    'reattach_task_up{task="store"} 1',
    'reattach_task_up{task="alarm"} 0',
    'reattach_task_held{task="alarm"} 1',
    'reattach_task_waits_seconds{task="sensor"} 0.12',
    'reattach_task_state{task="screen",state="RECOVERING"} 1',
    'reattach_table_entries{table="connections",what="used"} 4',
    'reattach_table_entries{table="connections",what="highest"} 9',
    'reattach_table_entries{table="connections",what="total"} 32',
    'reattach_queue_length{service="heat",what="messages"} 3',
    'reattach_queue_length{service="heat",what="pulses"} 2',
    "reattach_faults_injected_total 5",
  ]) {
    t.ok(lines.includes(line), line);
  }
  t.notOk(
    lines.some((line) => line.includes('table="pulses",what="highest"')),
    "none is known",
  );
  t.ok(lines.includes("# TYPE reattach_messages_sent_total counter"), "counters are counters");
  t.notOk(
    lines.some((line) => line.startsWith("reattach_route_")),
    "it is not traced",
  );
});

test("metrics: what a trace has of calls, and how much it lost", async (t) => {
  const route = { client: "display", server: "store", sent: 40 };
  const tracing = { routes: () => [route], lost: 7 } as never;
  const lines = await linesOf({ ...SYSTEM, isTraced: true, tracing });
  for (const line of [
    'reattach_route_messages_total{client="display",server="store"} 40',
    "reattach_trace_records_lost_total 7",
  ]) {
    t.ok(lines.includes(line), line);
  }
});

test("metrics: a state, and a task, that is over is not shown any more", async (t) => {
  let tasks = SYSTEM.view();
  const metrics = new Metrics({ ...SYSTEM, view: () => tasks }, { injected: 0 });
  t.match(await metrics.text(), /task="screen",state="RECOVERING"/);
  tasks = tasks.filter(({ name }) => name !== "screen");
  t.doesNotMatch(await metrics.text(), /screen/);
});

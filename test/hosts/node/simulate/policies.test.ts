/**
 * The law of `reattach simulate` that restart policies are kept: each breach of one is told, and
 * what a supervisor may do is not.
 */
import test from "tape";
import { Policies } from "../../../../hosts/node/simulate/policies.js";
import { DEFAULT_POLICY, type RestartPolicy } from "../../../../src/manager/supervise/policy.js";

/** One task, and what happens to it. */
class Story {
  readonly told: string[] = [];
  readonly policies: Policies;
  now_ms = 0;

  constructor(policy: Partial<RestartPolicy>) {
    const restart = { ...DEFAULT_POLICY, jitter: 0, ...policy };
    const tasks = [
      { name: "bus", restart },
      { name: "lamp", restart: DEFAULT_POLICY },
    ];
    this.policies = new Policies(tasks, (text) => this.told.push(text));
  }

  /** It starts after a pause, and dies after so long. */
  live(pause_ms: number, ran_ms: number, name = "bus"): this {
    this.now_ms += pause_ms;
    this.policies.started(name, this.now_ms);
    this.now_ms += ran_ms;
    this.policies.died({ name, lifetime_ms: ran_ms }, this.now_ms);
    return this;
  }

  start(pause_ms: number, name = "bus"): this {
    this.now_ms += pause_ms;
    this.policies.started(name, this.now_ms);
    return this;
  }
}

test("simulate, policies: a task that is left alone is not started", (t) => {
  const never = new Story({ when: "never" }).live(0, 500).start(60_000);
  t.deepEqual(never.told, ['bus was started: "when" is "never"']);
  const ordered = new Story({ when: "never" }).live(0, 500);
  ordered.policies.ordered("start", "bus");
  t.deepEqual(ordered.start(1).told, [], "unless somebody orders it");
  const killed = new Story({ when: "never" }).live(0, 500);
  killed.policies.ordered("kill", "bus");
  t.equal(killed.start(1).told.length, 1, "an order to kill it is none to start it");

  const ended = new Story({});
  ended.start(0).policies.ended("bus");
  t.deepEqual(ended.start(9_000).told, ['bus was started: "when" is "crash"'], "it has ended");
  const always = new Story({ when: "always" });
  always.start(0).policies.ended("bus");
  t.deepEqual(always.start(9_000).told, []);
  t.end();
});

test("simulate, policies: none is started too soon", (t) => {
  const soon = new Story({ minRun_ms: 300 }).live(0, 100).start(150);
  t.match(soon.told[0]!, /^bus was started 50\.0 ms too soon: "minRun_ms" is 300/);
  t.deepEqual(new Story({ minRun_ms: 300 }).live(0, 100).live(200, 5).told, []);

  const pauses = new Story({ minRun_ms: 0, backoff_ms: 100 }).live(0, 5).live(0, 5).live(100, 5);
  t.deepEqual(pauses.told, []);
  t.match(pauses.start(150).told[0]!, /^bus was started 50\.0 ms too soon: .*at least 200 ms/);
  const settled = new Story({ minRun_ms: 0 }).live(0, 5).live(0, 20_000).live(0, 5);
  t.deepEqual(settled.told, [], "a long run is the first in a row");
  const failing = new Story({ minRun_ms: 0, backoff_ms: 100 }).live(0, 5).live(0, 5);
  failing.policies.died({ name: "bus", lifetime_ms: 0 }, failing.now_ms + 20);
  t.equal(failing.told.length, 1, "a start that fails without a VM counts");
  t.end();
});

test("simulate, policies: none is started more often than its policy bears", (t) => {
  for (const step of ["hold", "board"] as const) {
    const policy = { intensity: 2, period_ms: 60_000, backoff_ms: 0, escalate: [step] };
    const story = new Story(policy).live(0, 100).live(0, 100);
    t.deepEqual(story.start(0).told, [], `${step}: two restarts are borne`);
    const third = new Story(policy).live(0, 100).live(0, 100).live(0, 100).start(0);
    t.match(third.told[0]!, new RegExp(`^bus was started: its next step is "${step}", after 2`));
    const rare = new Story(policy).live(0, 40_000).live(0, 40_000).live(0, 40_000).start(0);
    t.deepEqual(rare.told, [], "not within the period");
    const released = new Story(policy).live(0, 100).live(0, 100).live(0, 100);
    if (step === "hold") released.policies.ordered("release", "bus");
    else released.policies.rebooted();
    t.deepEqual(released.live(0, 100).start(0).told, [], "it is forgiven");
  }
  t.end();
});

test("simulate, policies: who is restarted with others starts when they do", (t) => {
  const policy = { intensity: 1, backoff_ms: 0, escalate: ["one_for_all"] as const };
  const story = new Story(policy).start(0, "lamp").live(0, 100).live(0, 100);
  story.policies.ended("lamp");
  t.deepEqual(story.start(0).start(0, "lamp").told, [], "the leader first");
  const other = new Story(policy).start(0, "lamp").live(0, 100).live(0, 100);
  other.policies.ended("lamp");
  t.deepEqual(other.start(0, "lamp").start(0).told, [], "or the other");
  const without = new Story({ ...policy, escalate: [] }).start(0, "lamp").live(0, 100).live(0, 100);
  without.policies.ended("lamp");
  t.equal(without.start(0, "lamp").told.length, 1, "without such a step it is a breach");
  t.end();
});

test("simulate, policies: what may have been on either side of a limit accuses nobody", (t) => {
  const policy = { intensity: 1, period_ms: 10_000, backoff_ms: 0, escalate: ["hold"] as const };
  const edge = new Story(policy).live(0, 100).live(0, 10_000).start(0);
  t.deepEqual(edge.told, []);
  const inside = new Story(policy).live(0, 100).live(0, 9_900).start(0);
  t.equal(inside.told.length, 1);
  t.end();
});

/**
 * Who may do what: every call by a task without abilities, one that observes, one that may restart
 * another, and one that manages.
 */
import test from "tape";
import { EPERM } from "../../../../src/kernel/errno.js";
import { createVitals } from "../../../../src/kernel/inspect/vitals.js";
import { type Abilities, DEFAULT_ABILITIES } from "../../../../src/manager/abilities.js";
import * as C from "../../../../src/ham/protocol/constants.js";
import * as H from "../../../../src/ham/index.js";
import { as } from "../../kernel/vms.js";
import { RealStage } from "../../manager/supervise/real.js";

const NONE: Abilities = { mayObserve: false, mayManage: false, mayRestart: [] };
const RESTART: Abilities = { ...DEFAULT_ABILITIES, mayRestart: ["driver"] };
const MANAGE: Abilities = { mayObserve: false, mayManage: true, mayRestart: [] };

/** What a call is made with. */
interface Scene {
  readonly stage: RealStage;
  readonly me: number;
  readonly driver: number;
  /** Handles: of the entity of the driver, of the caller's own, and of conditions of others. */
  readonly entity: number;
  readonly own: number;
  readonly foreign: number;
  readonly foreignAction: number;
  /** A condition of the caller's on its own entity, and one on the driver's; or an errno. */
  readonly ownCondition: number;
  readonly condition: number;
}

type Row = readonly [
  title: string,
  who: "all" | "observe" | "restart" | "manage",
  call: (scene: Scene) => number,
];

const CALLS: readonly Row[] = [
  ["ham_heartbeat", "all", () => H.ham_heartbeat()],
  ["ham_attach_self again", "all", () => H.ham_attach_self("me", 0, 0, 0, 0)],
  ["ham_entity_condition_state, own", "all", (s) => H.ham_entity_condition_state(s.own, 1, 0)],
  [
    "ham_entity_condition_raise, own",
    "all",
    (s) => H.ham_entity_condition_raise(s.own, 1, 1, 1, 0),
  ],
  ["a condition on the own entity", "all", (s) => H.ham_condition(s.own, C.CONDDEATH, "x", 0)],
  ["a log on it", "all", (s) => H.ham_action_log(s.ownCondition, "x", "x", 0, 0, 0)],
  ["heartbeat_healthy on it", "all", (s) => H.ham_action_heartbeat_healthy(s.ownCondition, "x", 0)],
  ["ham_detach_self", "all", (s) => H.ham_detach_self(s.own, 0)],
  ["ham_entity_handle", "observe", () => H.ham_entity_handle(0, "driver", 0)],
  ["ham_condition_handle", "observe", () => H.ham_condition_handle(0, "driver", "foreign", 0)],
  ["ham_action_handle", "observe", () => H.ham_action_handle(0, "driver", "foreign", "log", 0)],
  ["HGETFLAGS", "observe", (s) => H.ham_condition_control(s.foreign, H.HGETFLAGS, 0)],
  ["VERBOSE_GET", "observe", () => H.ham_verbose(null, H.VERBOSE_GET, 0)],
  ["HAM_HEARTBEAT_QUERY", "observe", () => H.ham_heartbeat_control(null, H.HAM_HEARTBEAT_QUERY)],
  ["ham_condition", "observe", (s) => H.ham_condition(s.entity, C.CONDDEATH, "x", 0)],
  ["ham_condition_state", "observe", (s) => H.ham_condition_state(s.entity, "x", 0, 1, 0)],
  ["ham_condition_raise", "observe", (s) => H.ham_condition_raise(s.entity, "x", 0, 1, 0, 0)],
  ["a log", "observe", (s) => H.ham_action_log(s.condition, "x", "x", 0, 0, 0)],
  [
    "a pulse to itself",
    "observe",
    (s) => H.ham_action_notify_pulse(s.condition, "x", 0, s.me, 1, 1, 1, 0),
  ],
  [
    "a pulse to another",
    "manage",
    (s) => H.ham_action_notify_pulse(s.condition, "x", 0, s.driver, 1, 1, 1, 0),
  ],
  ["ham_condition_remove, own", "observe", (s) => H.ham_condition_remove(s.condition, 0)],
  ["ham_condition_remove, foreign", "manage", (s) => H.ham_condition_remove(s.foreign, 0)],
  ["HDISABLE, own", "observe", (s) => H.ham_condition_control(s.condition, H.HDISABLE, 0)],
  ["HDISABLE, foreign", "manage", (s) => H.ham_condition_control(s.foreign, H.HDISABLE, 0)],
  ["HDISABLE of a task", "manage", (s) => H.ham_entity_control(s.entity, H.HDISABLE, 0)],
  ["HRECURSE", "manage", (s) => H.ham_entity_control(s.own, H.HDISABLE, H.HRECURSE)],
  [
    "an action of a foreign condition",
    "manage",
    (s) => H.ham_action_log(s.foreign, "x", "x", 0, 0, 0),
  ],
  ["ham_action_remove, foreign", "manage", (s) => H.ham_action_remove(s.foreignAction, 0)],
  [
    "a fail list, foreign",
    "manage",
    (s) => H.ham_action_fail_log(s.foreignAction, "x", "x", 0, 0, 0),
  ],
  ["a state of another", "manage", (s) => H.ham_entity_condition_state(s.entity, 1, 0)],
  [
    "a condition raised on another",
    "manage",
    (s) => H.ham_entity_condition_raise(s.entity, 1, 1, 1, 0),
  ],
  ["restart", "restart", (s) => H.ham_action_restart(s.condition, "x", "", 0)],
  ["restart with its line", "restart", (s) => H.ham_action_restart(s.condition, "x", "driver", 0)],
  ["restart with another", "manage", (s) => H.ham_action_restart(s.condition, "x", "other", 0)],
  ["waitfor", "restart", (s) => H.ham_action_waitfor(s.condition, "x", "", 5, 0)],
  ["healthy", "restart", (s) => H.ham_action_heartbeat_healthy(s.condition, "x", 0)],
  [
    "a signal to it",
    "restart",
    (s) => H.ham_action_notify_signal(s.condition, "x", 0, s.driver, C.SIGKILL, 0, 0, 0),
  ],
  [
    "a signal to itself",
    "manage",
    (s) => H.ham_action_notify_signal(s.condition, "x", 0, s.me, C.SIGKILL, 0, 0, 0),
  ],
  ["execute", "manage", (s) => H.ham_action_execute(s.condition, "x", "other", 0)],
  ["execute it", "restart", (s) => H.ham_action_execute(s.condition, "driver", "driver", 0)],
  ["ham_attach of it", "restart", (s) => H.ham_attach("d", 0, s.driver, "", 0)],
  ["ham_attach of itself", "manage", (s) => H.ham_attach("d", 0, s.me, "", 0)],
  ["ham_attach with a line", "manage", () => H.ham_attach("d", 0, -1, "other", 0)],
  ["ham_entity", "manage", () => H.ham_entity("e", 0, 0)],
  ["ham_attach_self, a second name", "manage", () => H.ham_attach_self("me2", 0, 0, 0, 0)],
  ["ham_detach_name of none", "manage", () => H.ham_detach_name(0, "foreigner", 0)],
  ["VERBOSE_SET", "manage", () => H.ham_verbose(null, H.VERBOSE_SET, 1)],
  ["HAM_HEARTBEAT_SUSPEND", "manage", () => H.ham_heartbeat_control(null, H.HAM_HEARTBEAT_SUSPEND)],
  ["ham_stop", "manage", () => H.ham_stop()],
];

function play(abilities: Abilities, call: (scene: Scene) => number): number {
  const stage = new RealStage();
  stage.declare("driver", null);
  const driver = stage.client("driver").pid;
  stage.board.tasks.set("other", { ...createVitals(), pid: 900 });
  const { registry } = stage.model;
  const entity = registry.entityNamed("driver")!.handle;
  const foreign = stage.condition(entity, C.CONDATTACH, "foreign");
  const foreignAction = stage.action(foreign, "log", { kind: "heartbeat_healthy" });
  const vm = stage.client("me", abilities);
  return as(vm, () => {
    const own = H.ham_attach_self("me", 0, 0, 0, 0);
    const ownCondition = H.ham_condition(own, C.CONDATTACH, "own", H.HCONDKEEPONEMPTY);
    const condition = H.ham_condition(entity, C.CONDDEATH, "c", H.HCONDKEEPONEMPTY);
    const scene = { stage, me: vm.pid, driver, entity, own, foreign, foreignAction };
    return call({ ...scene, ownCondition, condition });
  });
}

const WHO = ["all", "observe", "restart", "manage"] as const;

for (const [name, abilities, may] of [
  ["none", NONE, ["all"]],
  ["the default", DEFAULT_ABILITIES, ["all", "observe"]],
  ["restart:driver", RESTART, ["all", "observe", "restart"]],
  ["manage", MANAGE, WHO],
] as const) {
  test(`abilities: ${name}: what is not among them is -EPERM, and nothing else`, (t) => {
    for (const [title, who, call] of CALLS) {
      const status = play(abilities, call);
      const isAllowed = (may as readonly string[]).includes(who);
      if (isAllowed) t.notEqual(status, -EPERM, `${title}: may, and gives ${status}`);
      // Without its own condition there: the handle that it has is an errno.
      else t.ok(status === -EPERM || status === -22, `${title}: may not, ${status}`);
    }
    t.end();
  });
}

test("abilities: the main VM may do everything; who has gone may do nothing", (t) => {
  const stage = new RealStage();
  as(stage.bench.main, () => t.equal(H.ham_stop(), 0, "ham_stop"));
  const other = new RealStage();
  const vm = other.client("a");
  other.board.tasks.delete("a");
  as(vm, () => t.equal(H.ham_entity("e", 0, 0), -EPERM, "no task has this pid any more"));
  t.end();
});

test("shares: who may not manage leaves room for the others", (t) => {
  const stage = new RealStage();
  const observer = stage.client("observer", DEFAULT_ABILITIES);
  const manager = stage.client("manager");
  as(observer, () => {
    const entity = H.ham_entity_handle(0, H.HAM_GLOBAL_ENTITY, 0);
    const fill = (add: (i: number) => number): [number, number] => {
      for (let i = 0; ; i++) {
        const status = add(i);
        if (status < 0) return [i, status];
      }
    };
    t.deepEqual(
      fill((i) => H.ham_condition(entity, C.CONDDEATH, `c${i}`, 0)),
      [8, -12],
      "conditions",
    );
    const condition = H.ham_condition_handle(0, H.HAM_GLOBAL_ENTITY, "c0", 0);
    t.deepEqual(
      fill((i) => H.ham_action_log(condition, `a${i}`, "", 0, 0, 0)),
      [16, -12],
      "actions",
    );
  });
  as(manager, () => {
    const entity = H.ham_entity_handle(0, H.HAM_GLOBAL_ENTITY, 0);
    t.ok(H.ham_condition(entity, C.CONDDEATH, "m", 0) > 0, "another has its own");
  });
  t.end();
});

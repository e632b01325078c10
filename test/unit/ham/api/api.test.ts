/**
 * The ham_* calls, from a task by real messages and from the main VM by a call.
 */
import test, { type Test } from "tape";
import * as H from "../../../../src/ham/index.js";
import { EEXIST, EBADF, EHOSTUNREACH, EINVAL } from "../../../../src/kernel/errno.js";
import { EMSGSIZE, ENAMETOOLONG, ENOENT, ENXIO } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { lookAt, createVitals } from "../../../../src/kernel/inspect/vitals.js";
import { as, Bench, own } from "../../kernel/vms.js";
import { RealStage } from "../../manager/supervise/real.js";

const KEEP = H.HREARMAFTERRESTART;

/** Runs as the client; its connection is open. */
function connected(act: (t: Test, stage: RealStage, client: Vm) => void) {
  return (t: Test): void => {
    const stage = new RealStage({ messageBytes: 256 });
    const client = stage.client("client");
    as(client, () => {
      t.equal(H.ham_connect(0), 0, "connected");
      act(t, stage, client);
    });
    t.end();
  };
}

test("ham_connect: counts; a call without a connection makes one", (t) => {
  const stage = new RealStage();
  as(stage.client("a"), () => {
    t.equal(H.ham_disconnect(0), -EINVAL, "nothing to take back");
    t.equal(H.ham_connect(1), -EINVAL, "flags");
    t.equal(H.ham_connect(0), 0, "once");
    t.equal(H.ham_connect_nd(0, 0), 0, "twice");
    t.equal(H.ham_disconnect_node(null, 0), 0, "back once");
    t.ok(H.ham_entity("e", 0, 0) > 0, "still connected");
    t.equal(H.ham_disconnect_nd(0, 0), 0, "and twice");
    t.equal(H.ham_disconnect(0), -EINVAL, "closed");
    t.ok(H.ham_entity_handle(0, "e", 0) > 0, "it connects by itself");
    t.equal(H.ham_disconnect(0), 0, "one connection");
    t.equal(H.ham_connect_node(null, 0), 0, "again");
    t.equal(H.ham_stop(), 0, "the manager is stopped");
    t.equal(H.ham_entity_handle(0, "e", 0), -EBADF, "it does not answer any more");
  });
  t.end();
});

test("ham_connect: -ENXIO where no manager runs", (t) => {
  const bench = new Bench();
  as(bench.start(1, 10, true), () => t.equal(H.ham_connect(0), -ENXIO, "in a task"));
  as(bench.main, () => t.equal(H.ham_connect(0), -ENXIO, "in the main VM"));
  t.end();
});

test("ham_attach_self, ham_detach_self, ham_detach_name: one connection for all", (t) => {
  const stage = new RealStage();
  as(stage.client("a"), () => {
    const entity = H.ham_attach_self("a", 0, 0, 0, 0);
    t.ok(entity > 0, "attached");
    t.equal(H.ham_disconnect(0), 0, "there is a connection");
    t.equal(H.ham_detach_self(entity, 0), 0, "detached");
    t.equal(H.ham_detach_name(0, "a", 0), -ENOENT, "by name");
    t.equal(H.ham_disconnect(0), 0, "one connection for both");
  });
  t.end();
});

test("nodes: another board is -EHOSTUNREACH", (t) => {
  for (const result of [
    H.ham_connect_nd(1, 0),
    H.ham_connect_node("other", 0),
    H.ham_disconnect_nd(1, 0),
    H.ham_disconnect_node("other", 0),
    H.ham_attach("e", 1, 1, "", 0),
    H.ham_attach_node("e", "other", 1, "", 0),
    H.ham_detach_name(1, "e", 0),
    H.ham_detach_name_node("other", "e", 0),
    H.ham_entity("e", 1, 0),
    H.ham_entity_node("e", "other", 0),
    H.ham_entity_handle(1, "e", 0),
    H.ham_entity_handle_node("other", "e", 0),
    H.ham_condition_handle(1, "e", "c", 0),
    H.ham_condition_handle_node("other", "e", "c", 0),
    H.ham_action_handle(1, "e", "c", "a", 0),
    H.ham_action_handle_node("other", "e", "c", "a", 0),
    H.ham_action_notify_pulse(6, "a", 1, 1, 1, 1, 1, 0),
    H.ham_action_notify_pulse_node(6, "a", "other", 1, 1, 1, 1, 0),
    H.ham_action_notify_signal(6, "a", 1, 1, 9, 0, 0, 0),
    H.ham_action_notify_signal_node(6, "a", "other", 1, 9, 0, 0, 0),
    H.ham_action_fail_notify_pulse(7, "a", 1, 1, 1, 1, 1, 0),
    H.ham_action_fail_notify_pulse_node(7, "a", "other", 1, 1, 1, 1, 0),
    H.ham_action_fail_notify_signal(7, "a", 1, 1, 9, 0, 0, 0),
    H.ham_action_fail_notify_signal_node(7, "a", "other", 1, 9, 0, 0, 0),
    H.ham_verbose("other", H.VERBOSE_GET, 0),
    H.ham_stop_nd(1),
    H.ham_stop_node("other"),
  ]) {
    t.equal(result, -EHOSTUNREACH);
  }
  t.end();
});

test(
  "a tree by messages: every kind of action, and what the board is asked for",
  connected((t, stage) => {
    const entity = H.ham_attach("inetd", 0, -1, 'inet {"port":7}', H.HENTITYKEEPONDEATH);
    const death = H.ham_condition(entity, H.CONDDEATH, "death", KEEP);
    const flags = KEEP | H.HACTIONKEEPONFAIL;
    const results = [
      H.ham_action_log(death, "log", "it died", 1, 0, flags),
      H.ham_action_restart(death, "restart", "inet", flags),
      H.ham_action_execute(death, "job", "mod", flags),
      H.ham_action_waitfor(death, "wait", "net", 50, flags),
      H.ham_action_notify_pulse(death, "pulse", 0, 513, 2 ** 40 + 1, 7, -9, flags),
      H.ham_action_notify_pulse_node(death, "pulse2", null, 513, 1, 0, 0, flags),
      H.ham_action_notify_signal(death, "term", 0, 513, H.SIGTERM, 0, 0, flags),
      H.ham_action_notify_signal_node(death, "kill", null, 513, H.SIGKILL, 0, 0, flags),
      H.ham_action_heartbeat_healthy(death, "healthy", flags),
    ];
    t.ok(
      results.every((handle) => handle > 0),
      "handles",
    );
    const wait = H.ham_action_handle(0, "inetd", "death", "wait", 0);
    t.equal(wait, results[3], "the same handle by name");
    const fails = [
      H.ham_action_fail_log(wait, "log", "no net", 0, 0, 0),
      H.ham_action_fail_execute(wait, "job2", "mod2", 0),
      H.ham_action_fail_waitfor(wait, "wait", "", 5, 0),
      H.ham_action_fail_notify_pulse(wait, "pulse", 0, 513, 1, 1, 1, 0),
      H.ham_action_fail_notify_pulse_node(wait, "pulse2", null, 513, 1, 1, 2, 0),
      H.ham_action_fail_notify_signal(wait, "term", 0, 513, H.SIGTERM, 0, 0, 0),
      H.ham_action_fail_notify_signal_node(wait, "kill", null, 513, H.SIGKILL, 0, 0, 0),
      H.ham_action_fail_remove(wait, "kill", 0),
    ];
    t.deepEqual(fails, [0, 0, 0, 0, 0, 0, 0, 0], "action-fail lists");
    stage.asked();
    stage.start("inetd");
    stage.end("inetd");
    t.deepEqual(stage.logged(), ["inetd/death/log: it died"], "at once");
    t.deepEqual(stage.asked(), ["start inetd inet", "start job mod"], "up to the waitfor");
    stage.at(50);
    t.deepEqual(stage.logged(), ["no net"], "it failed");
    t.deepEqual(stage.asked(), ["start job2 mod2"], "up to the waitfor of its list");
    stage.at(55);
    t.deepEqual(
      stage.asked(),
      [
        "pulse 0 513 1 1 1",
        "pulse 0 513 1 1 2",
        "end 513",
        `pulse 0 513 ${2 ** 40 + 1} 7 -9`,
        "pulse 0 513 1 0 0",
        "end 513",
        "kill 513",
      ],
      "then the rest",
    );
  }),
);

test(
  "states and raised conditions by messages",
  connected((t, stage) => {
    const entity = H.ham_entity_node("e", null, 0);
    const up = H.ham_condition_state(entity, "up", H.CONDSTATEANY, 5, 0);
    const bad = H.ham_condition_raise(entity, "bad", 1, H.CONDRAISECLASSANY, 3, 0);
    H.ham_action_log(up, "log", "up", 0, 0, 0);
    H.ham_action_log(bad, "log", "bad", 0, 0, 0);
    t.equal(H.ham_entity_condition_state(entity, 5, 0), 0, "reported");
    t.equal(H.ham_entity_condition_state(entity, 6, 0), 0, "another");
    t.equal(H.ham_entity_condition_raise(entity, 1, 99, 3, 0), 0, "raised");
    t.equal(H.ham_entity_condition_raise(entity, 2, 99, 3, 0), 0, "another");
    stage.at(1);
    t.deepEqual(stage.logged(), ["up", "bad"]);
    t.equal(H.ham_condition_handle_node(null, "e", "up", 0), up, "by name");
    t.equal(H.ham_condition_remove(up, 0), 0, "removed");
    t.equal(H.ham_condition_remove(up, 0), -ENOENT, "once");
    t.equal(H.ham_entity_condition_state(entity, -1, 0), -EINVAL, "no state");
  }),
);

test(
  "controls by messages",
  connected((t) => {
    const entity = H.ham_entity("e", 0, H.HENTITYKEEPONDEATH);
    const condition = H.ham_condition(entity, H.CONDDEATH, "c", KEEP);
    const action = H.ham_action_log(condition, "a", "x", 0, 0, 0);
    const get = [
      H.ham_entity_control(entity, H.HGETFLAGS, 0),
      H.ham_condition_control(condition, H.HGETFLAGS, 0),
      H.ham_action_control(action, H.HGETFLAGS, 0),
    ];
    t.deepEqual(get, [H.HENTITYKEEPONDEATH, KEEP, 0], "flags");
    t.equal(H.ham_entity_control(entity, H.HADDFLAGS, KEEP | H.HRECURSE), 0, "re-arm all");
    t.equal(H.ham_action_control(action, H.HGETFLAGS, 0), KEEP, "down to the action");
    t.equal(H.ham_verbose(null, H.VERBOSE_SET, 3), 3, "verbosity");
    t.equal(H.ham_verbose(null, H.VERBOSE_SET_DECR, 1), 2, "less");
    t.equal(H.ham_verbose(null, H.VERBOSE_GET, 0), 2, "asked");
    const query = H.ham_heartbeat_control(null, H.HAM_HEARTBEAT_QUERY);
    t.equal(query, H.HAM_HEARTBEAT_ACTIVE, "heartbeats");
    t.equal(H.ham_heartbeat_control("x" as unknown as null, 1), -EINVAL, "reserved");
  }),
);

test(
  "handles: -EINVAL for what never was, -ENOENT for what is gone, and freeing one",
  connected((t) => {
    const entity = H.ham_entity("e", 0, 0);
    const condition = H.ham_condition(entity, H.CONDDEATH, "c", 0);
    const action = H.ham_action_log(condition, "a", "x", 0, 0, 0);
    for (const bad of [0, -1, 1, 4, entity + 4, condition, action, 0x7fff_ffff, 1.5, NaN]) {
      t.equal(H.ham_condition(bad, H.CONDDEATH, "d", 0), -EINVAL, `entity ${bad}`);
    }
    t.equal(H.ham_entity_handle_free(entity), 0, "free an entity's");
    t.equal(H.ham_condition_handle_free(condition), 0, "a condition's");
    t.equal(H.ham_action_handle_free(action), 0, "an action's");
    t.equal(H.ham_action_handle_free(condition), -EINVAL, "of another kind");
    t.equal(H.ham_entity_handle_free(1), -EINVAL, "none at all");
    t.equal(H.ham_action_remove(action, 0), 0, "the last action");
    t.equal(H.ham_action_remove(action, 0), -ENOENT, "is gone");
    t.equal(H.ham_condition_control(condition, H.HGETFLAGS, 0), -ENOENT, "with its condition");
    t.equal(H.ham_detach(entity, 0), 0, "and the entity");
    t.equal(H.ham_entity_control(entity, H.HGETFLAGS, 0), -ENOENT, "is gone");
    t.ok(H.ham_entity("e", 0, 0) > entity, "its successor has another handle");
  }),
);

test(
  "names: -EINVAL, -EEXIST, -ENAMETOOLONG, -EMSGSIZE, and nothing changes",
  connected((t, stage) => {
    const entity = H.ham_entity("entity", 0, 0);
    const condition = H.ham_condition(entity, H.CONDDEATH, "condition", 0);
    H.ham_action_log(condition, "action", "x", 0, 0, 0);
    const before = stage.tree();
    for (const bad of ["", "a/b", "/", "ü", "a\0b", "a\n", null, undefined, 7]) {
      const name = bad as string;
      t.equal(H.ham_entity(name, 0, 0), -EINVAL, `entity ${JSON.stringify(bad)}`);
      t.equal(H.ham_condition(entity, H.CONDDEATH, name, 0), -EINVAL, "condition");
      t.equal(H.ham_action_log(condition, name, "x", 0, 0, 0), -EINVAL, "action");
    }
    t.equal(H.ham_entity("entity", 0, 0), -EEXIST, "entity");
    t.equal(H.ham_condition(entity, H.CONDRESTART, "condition", 0), -EEXIST, "condition");
    t.equal(H.ham_action_log(condition, "action", "y", 0, 0, 0), -EEXIST, "action");
    t.equal(H.ham_entity("e".repeat(256), 0, 0), -ENAMETOOLONG, "an entity's");
    t.equal(H.ham_condition(entity, 1, "c".repeat(249), 0), -ENAMETOOLONG, "the path");
    t.equal(H.ham_action_log(condition, "a".repeat(239), "", 0, 0, 0), -ENAMETOOLONG, "all of it");
    t.equal(H.ham_entity("e".repeat(1_017), 0, 0), -EMSGSIZE, "more than a request");
    t.equal(H.ham_action_log(condition, "l", "x".repeat(1_003), 0, 0, 0), -EMSGSIZE, "a text");
    t.equal(stage.tree(), before, "nothing has changed");
  }),
);

test(
  "arguments: -EINVAL for a flag, type or number that does not exist, and nothing changes",
  connected((t, stage) => {
    const entity = H.ham_entity("e", 0, 0);
    const condition = H.ham_condition(entity, H.CONDDEATH, "c", 0);
    const action = H.ham_action_log(condition, "a", "x", 0, 0, 0);
    const before = stage.tree();
    const bad = [
      H.ham_entity("f", 0, 1),
      H.ham_attach_self("f", 0, 0, 0, 1),
      H.ham_attach_self("f", H.HAMHBEATMIN - 1, 1, 2, 0),
      H.ham_attach_self("f", -1, 1, 2, 0),
      H.ham_attach_self("f", 2 ** 60, 1, 2, 0),
      H.ham_attach_self("f", H.HAMHBEATMIN, 3, 2, 0),
      H.ham_attach_self("f", H.HAMHBEATMIN, -1, 2, 0),
      H.ham_attach("f", 0, -1, "", 0),
      H.ham_condition(entity, H.CONDSTATE, "d", 0),
      H.ham_condition(entity, H.CONDRAISE, "d", 0),
      H.ham_condition(entity, -1, "d", 0),
      H.ham_condition(entity, 10, "d", 0),
      H.ham_condition(entity, H.CONDDEATH, "d", 0x20),
      H.ham_condition(entity, H.CONDDEATH, "d", H.HCONDSTATETOSET),
      H.ham_condition(entity, H.CONDDEATH, "d", 2 ** 32),
      H.ham_condition_remove(condition, 1),
      H.ham_action_remove(action, 1),
      H.ham_action_log(condition, "b", "x", 0, 0, 0x10),
      H.ham_action_notify_signal(condition, "b", 0, 513, 2, 0, 0, 0),
      H.ham_action_notify_pulse(condition, "b", 0, 513, 1.5, 1, 1, 0),
      H.ham_action_notify_pulse(condition, "b", 0, 513, -1, 1, 1, 0),
      H.ham_action_fail_log(action, "f", "x", 0, 0, H.HACTIONDONOW),
      H.ham_action_fail_remove(action, "f", 1),
      H.ham_entity_handle(0, "e", 1),
      H.ham_entity_condition_state(entity, 1, 1),
      H.ham_entity_condition_raise(entity, 1, 1, 1, 1),
      H.ham_entity_control(entity, 0, 0),
      H.ham_entity_control(entity, 7, 0),
      H.ham_entity_control(entity, H.HADDFLAGS, 4),
      H.ham_entity_control(entity, H.HENABLE, 1),
      H.ham_action_control(action, H.HSETFLAGS, H.HACTIONDONOW),
      H.ham_verbose(null, 5, 0),
      H.ham_verbose(null, H.VERBOSE_SET, -1),
      H.ham_heartbeat_control(null, 9),
      H.ham_detach_self(entity, 0),
    ];
    bad.forEach((result, i) => t.equal(result, -EINVAL, `case ${i}`));
    t.equal(stage.tree(), before, "nothing has changed");
  }),
);

test("tables: -ENOMEM when one is full", (t) => {
  const stage = new RealStage();
  as(stage.client("a"), () => {
    H.ham_connect(0);
    const fill = (add: (i: number) => number): [number, number] => {
      for (let i = 0; ; i++) {
        const result = add(i);
        if (result < 0) return [i, result];
      }
    };
    const entities = fill((i) => H.ham_entity(`e${i}`, 0, 0));
    t.deepEqual(entities, [32, -12], "entities");
    const entity = H.ham_entity_handle(0, "e0", 0);
    const conditions = fill((i) => H.ham_condition(entity, H.CONDDEATH, `c${i}`, 0));
    t.deepEqual(conditions, [64, -12], "conditions");
    const condition = H.ham_condition_handle(0, "e0", "c0", 0);
    const actions = fill((i) => H.ham_action_log(condition, `a${i}`, "", 0, 0, 0));
    t.deepEqual(actions, [128, -12], "actions");
    t.equal(H.ham_detach(entity, 0), 0, "all of it goes");
    t.ok(H.ham_entity("again", 0, 0) > 0, "and there is room");
    const { conditions: c, actions: a } = stage.model.registry;
    t.deepEqual([c, a], [0, 0], "nothing is left behind");
  });
  t.end();
});

test("ham_heartbeat: beats, without a connection and without a message", (t) => {
  const stage = new RealStage();
  const client = stage.client("a");
  const vitals = createVitals();
  as(client, () => H.ham_heartbeat());
  as(client, () => t.equal(H.ham_heartbeat(), 0, "always 0"));
  as(stage.bench.main, () => lookAt(client.pid, vitals));
  t.equal(vitals.beats, 2, "beats");
  t.equal(own(client, L.SLOT_STATE), 0, "nothing was sent");
  t.end();
});

test("ham_stop: later calls are -EBADF", (t) => {
  const stage = new RealStage();
  as(stage.client("a"), () => {
    t.equal(H.ham_stop(), 0, "stopped");
    t.equal(H.ham_entity("e", 0, 0), -EBADF, "no manager");
  });
  t.ok(stage.board.isStopped, "the board knows");
  t.end();
});

test("main VM: the same calls, without blocking", (t) => {
  const stage = new RealStage();
  as(stage.bench.main, () => {
    const entity = H.ham_entity("e", 0, 0);
    t.ok(H.ham_condition(entity, H.CONDDEATH, "c", 0) > 0, "a condition");
    t.equal(H.ham_attach_self("main", 0, 0, 0, 0), -3, "it is no task itself: ESRCH");
    t.ok(H.ham_entity("e".repeat(130), 0, 0) > 0, "longer than a message");
    t.equal(H.ham_disconnect(0), 0, "it was connected");
  });
  t.end();
});

test("names and texts that are longer than a message just work, whatever its length", (t) => {
  for (const messageBytes of [24, 28, 128]) {
    const stage = new RealStage({ messageBytes });
    as(stage.client("a"), () => {
      const name = "n".repeat(100);
      const entity = H.ham_entity(name, 0, 0);
      t.equal(H.ham_entity_handle(0, name, 0), entity, `messages of ${messageBytes} bytes`);
      const condition = H.ham_condition_raise(entity, "c".repeat(100), 1, 2, 3, 0);
      const text = "text ".repeat(100);
      t.ok(H.ham_action_log(condition, "log", text, 0, 0, 0) > 0, "a long text");
      H.ham_entity_condition_raise(entity, 1, 2, 3, 0);
      stage.at(1);
      t.deepEqual(stage.logged(), [text], "is whole");
      t.equal(H.ham_entity("e".repeat(255), 0, 0) > 0, true, "the longest name");
    });
  }
  t.end();
});

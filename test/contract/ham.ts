/**
 * The manager as its clients meet it: the calls of "reattach/ham" from tasks, and what comes of
 * them. What the model does in detail is in test/unit/ham, with fake time.
 */
import { EEXIST, EINVAL, EMSGSIZE, ENAMETOOLONG, ENOENT, EPERM, systemLimits } from "reattach";
import {
  CONDDEATH,
  CONDDETACH,
  CONDHBEATMISSEDLOW,
  HAMHBEATMIN,
  HCONDKEEPONEMPTY,
  HREARMAFTERRESTART,
  SIGKILL,
} from "reattach/ham";
import type { Assert, Board, ContractCase, Puppet } from "./board.js";
import { filled, receive } from "./steps.js";

/** pid of the main VM, where the manager lives. */
const MAIN_PID = 512;
const CODE = 5;

async function ham(puppet: Puppet, name: string, ...args: readonly unknown[]): Promise<number> {
  return (await puppet.act("ham", name, ...args)).result;
}

/** Has `client` told by a pulse when a condition of an entity fires. Returns its chid. */
async function tellBy(
  client: Puppet,
  entity: string,
  condition: (handle: number) => Promise<number>,
): Promise<number> {
  const chid = await client.result("ChannelCreate", 0);
  await ham(client, "ham_connect", 0);
  const handle = await condition(await ham(client, "ham_entity_handle", 0, entity, 0));
  if (handle < 0) throw new Error(`no condition: ${handle}`);
  const args = [handle, "tell", 0, client.pid, chid, CODE, 77, HREARMAFTERRESTART];
  const action = await ham(client, "ham_action_notify_pulse", ...args);
  if (action < 0) throw new Error(`no action: ${action}`);
  return chid;
}

async function expectPulse(t: Assert, client: Puppet, chid: number): Promise<void> {
  const { rcvid, pulse } = await receive(client, chid);
  t.deepEqual([rcvid, pulse.code, pulse.value], [0, CODE, 77], "the pulse comes");
  t.equal(await ham(client, "ham_disconnect", 0), 0, "ham_disconnect");
}

/** A condition on one of the types that ham_condition() takes. */
function on(client: Puppet, type: number): (handle: number) => Promise<number> {
  return (handle) => ham(client, "ham_condition", handle, type, "it", 0);
}

async function tellsOfDeath(t: Assert, board: Board, client: Puppet, mortal: Puppet) {
  t.ok((await ham(mortal, "ham_attach_self", "driver", 0, 0, 0, 0)) > 0, "ham_attach_self");
  const chid = await tellBy(client, "driver", on(client, CONDDEATH));
  await board.kill(mortal);
  await expectPulse(t, client, chid);
}

async function tellsOfDetach(t: Assert, _board: Board, client: Puppet, other: Puppet) {
  const entity = await ham(other, "ham_attach_self", "driver", 0, 0, 0, 0);
  const chid = await tellBy(client, "driver", on(client, CONDDETACH));
  t.equal(await ham(client, "ham_detach_self", entity, 0), -EINVAL, "only the task itself may");
  t.equal(await ham(other, "ham_detach_self", entity, 0), 0, "ham_detach_self");
  await ham(other, "ham_disconnect", 0);
  await expectPulse(t, client, chid);
  t.equal(await ham(other, "ham_connect", 0), 0, "connects again");
  t.equal(await ham(other, "ham_entity_handle", 0, "driver", 0), -ENOENT, "the entity is gone");
  await ham(other, "ham_disconnect", 0);
}

async function tellsOfMissedBeats(t: Assert, _board: Board, client: Puppet, other: Puppet) {
  const entity = await ham(other, "ham_attach_self", "driver", HAMHBEATMIN, 1, 0, 0);
  const chid = await tellBy(client, "driver", on(client, CONDHBEATMISSEDLOW));
  await expectPulse(t, client, chid);
  t.equal(await ham(other, "ham_detach_self", entity, 0), 0, "ham_detach_self");
  await ham(other, "ham_disconnect", 0);
}

async function tellsOfStates(t: Assert, _board: Board, client: Puppet, other: Puppet) {
  const entity = await ham(other, "ham_attach_self", "driver", 0, 0, 0, 0);
  const chid = await tellBy(client, "driver", (handle) =>
    ham(client, "ham_condition_state", handle, "warm", 2, 3, 0),
  );
  t.equal(await ham(other, "ham_entity_condition_state", entity, 2, 0), 0, "from 0 to 2: nothing");
  t.equal(await ham(other, "ham_entity_condition_state", entity, 3, 0), 0, "from 2 to 3");
  await expectPulse(t, client, chid);
  t.equal(await ham(other, "ham_detach_self", entity, 0), 0, "ham_detach_self");
  await ham(other, "ham_disconnect", 0);
}

async function killsBySignal(t: Assert, board: Board, client: Puppet, mortal: Puppet) {
  const entity = await ham(client, "ham_attach_self", "guard", 0, 0, 0, 0);
  const args = [entity, "alarm", 7, 0, 0, 0];
  const condition = await ham(client, "ham_condition_raise", ...args);
  const kill = [condition, "kill", 0, mortal.pid, SIGKILL, 0, 0, 0];
  t.ok((await ham(client, "ham_action_notify_signal", ...kill)) > 0, "the action");
  const chid = await mortal.result("ChannelCreate", 0);
  const coid = await client.result("ConnectAttach", 0, mortal.pid, chid, 0, 0);
  await ham(client, "ham_entity_condition_raise", entity, 7, 0, 0, 0);
  // It is dead when the channel is gone; board.kill() then sees that it is not started again.
  await board.until(() => board.main.ConnectAttach(0, mortal.pid, chid, 0, 0) < 0);
  await board.kill(mortal);
  await client.result("ConnectDetach", coid);
  t.equal(await ham(client, "ham_detach_self", entity, 0), 0, "ham_detach_self");
  await ham(client, "ham_disconnect", 0);
}

/** Call, arguments, errno; "ENTITY" stands for the handle of an entity with a condition "it". */
const REFUSED: readonly (readonly [string, readonly unknown[], number])[] = [
  ["ham_attach_self", ["a/b", 0, 0, 0, 0], EINVAL],
  ["ham_attach_self", ["", 0, 0, 0, 0], EINVAL],
  ["ham_attach_self", ["x".repeat(256), 0, 0, 0, 0], ENAMETOOLONG],
  ["ham_attach_self", ["p1", 0, 0, 0, 0], EEXIST],
  ["ham_attach_self", ["beat", HAMHBEATMIN - 1, 1, 2, 0], EINVAL],
  ["ham_attach_self", ["beat", HAMHBEATMIN, 3, 2, 0], EINVAL],
  ["ham_attach", ["none", 0, 0, "", 0], EINVAL],
  ["ham_attach", ["none", 0, 0, "no-such-module {", 0], EINVAL],
  ["ham_condition", ["ENTITY", 12, "c", 0], EINVAL],
  ["ham_condition", ["ENTITY", CONDDEATH, "c", 1 << 30], EINVAL],
  ["ham_condition", ["ENTITY", CONDDEATH, "it", 0], EEXIST],
  ["ham_condition", [999_999, CONDDEATH, "c", 0], EINVAL],
  ["ham_entity_handle", [0, "nobody", 0], ENOENT],
  ["ham_action_restart", ["ENTITY", "a", "p1", 0], EINVAL],
];

async function refuses(t: Assert, _board: Board, client: Puppet) {
  const entity = await ham(client, "ham_attach_self", "refuser", 0, 0, 0, 0);
  await ham(client, "ham_condition", entity, CONDDEATH, "it", 0);
  for (const [name, args, errno] of REFUSED) {
    const given = args.map((value) => (value === "ENTITY" ? entity : value));
    t.equal(await ham(client, name, ...given), -errno, `${name}(${JSON.stringify(args)})`);
  }
  t.equal(await ham(client, "ham_detach_self", entity, 0), 0, "ham_detach_self");
  t.equal(await ham(client, "ham_condition", entity, CONDDEATH, "late", 0), -ENOENT, "stale");
  await ham(client, "ham_disconnect", 0);
}

/** What a task asks that may only observe, and what it gets. */
const OBSERVERS: readonly (readonly [string, readonly unknown[], number])[] = [
  ["ham_stop", [], EPERM],
  ["ham_entity", ["place", 0, 0], EPERM],
  ["ham_attach", ["p2", 0, -1, "puppet", 0], EPERM],
  ["ham_attach", ["other", 0, "OTHER", "", 0], EPERM],
  ["ham_attach_self", ["second", 0, 0, 0, 0], EPERM],
  ["ham_entity_condition_state", ["ENTITY", 1, 0], EPERM],
  ["ham_action_notify_signal", ["CONDITION", "kill", 0, "OTHER", SIGKILL, 0, 0, 0], EPERM],
  ["ham_action_restart", ["CONDITION", "restart", "", 0], EPERM],
  ["ham_action_notify_pulse", ["CONDITION", "tell", 0, "OTHER", 1, 0, 0, 0], EPERM],
  ["ham_verbose", [null, 3, 1], EPERM],
  ["ham_heartbeat_control", [null, 1], EPERM],
];

async function asksForTooMuch(t: Assert, board: Board, observer: Puppet, other: Puppet) {
  const own = await ham(observer, "ham_attach_self", "watcher", 0, 0, 0, 0);
  t.ok(own > 0, "it may attach itself");
  t.equal(await ham(observer, "ham_entity_condition_state", own, 3, 0), 0, "and say how it is");
  const entity = await ham(observer, "ham_entity_handle", 0, "p2", 0);
  const flags = HCONDKEEPONEMPTY;
  const condition = await ham(observer, "ham_condition", entity, CONDDEATH, "death", flags);
  const values: Record<string, number> = { ENTITY: entity, CONDITION: condition, OTHER: other.pid };
  for (const [name, args, errno] of OBSERVERS) {
    const given = args.map((value) => values[value as string] ?? value);
    t.equal(await ham(observer, name, ...given), -errno, `${name}: ${JSON.stringify(args)}`);
  }
  const chid = await observer.result("ChannelCreate", 0);
  const pulse = [condition, "tell", 0, observer.pid, chid, CODE, 77, 0];
  t.ok((await ham(observer, "ham_action_notify_pulse", ...pulse)) > 0, "it may be told");
  await board.kill(other);
  await expectPulse(t, observer, chid);
}

/** p1 may end p2, and nobody else. */
async function restartsOne(t: Assert, board: Board, may: Puppet, one: Puppet, other: Puppet) {
  const own = await ham(may, "ham_attach_self", "judge", 0, 0, 0, 0);
  const alarm = await ham(may, "ham_condition_raise", own, "alarm", 7, 0, 0, 0);
  const kill = (pid: number): Promise<number> =>
    ham(may, "ham_action_notify_signal", alarm, `kill${pid}`, 0, pid, SIGKILL, 0, 0, 0);
  t.equal(await kill(other.pid), -EPERM, "not p3");
  t.ok((await kill(one.pid)) > 0, "p2");
  const chid = await one.result("ChannelCreate", 0);
  await ham(may, "ham_entity_condition_raise", own, 7, 0, 0, 0);
  await board.until(() => board.main.ConnectAttach(0, one.pid, chid, 0, 0) < 0);
  await board.kill(one);
  t.equal(await ham(may, "ham_detach_self", own, 0), 0, "ham_detach_self");
  await ham(may, "ham_disconnect", 0);
}

/** The manager's tables have room for 32 entities: makers that die must not use them up. */
async function makersDie(t: Assert, board: Board, first: Puppet, other: Puppet) {
  let maker = first;
  for (let life = 0; life < 3; life++) {
    for (let i = 0; i < 12; i++) {
      const entity = await ham(maker, "ham_entity", `place${i}`, 0, 0);
      if (entity < 0) t.equal(entity, 1, `life ${life}, entity ${i}`);
    }
    const handle = await ham(maker, "ham_entity_handle", 0, "p2", 0);
    const condition = await ham(maker, "ham_condition", handle, CONDDEATH, "made", 0);
    t.ok(condition > 0, `life ${life}: a condition of the same name`);
    const log = [condition, "log", "never written", 0, 0, 0];
    t.ok((await ham(maker, "ham_action_log", ...log)) > 0, "and an action");
    await board.kill(maker);
    t.equal(await ham(other, "ham_entity_handle", 0, "place0", 0), -ENOENT, "its entities");
    t.equal(await ham(other, "ham_condition_handle", 0, "p2", "made", 0), -ENOENT, "conditions");
    maker = await board.restart(maker);
  }
  await ham(other, "ham_disconnect", 0);
}

async function passesLongNames(t: Assert, _board: Board, client: Puppet) {
  const name = "n".repeat(200);
  const entity = await ham(client, "ham_entity", name, 0, 0);
  t.ok(entity > 0, "a name of 200 characters");
  t.equal(await ham(client, "ham_entity_handle", 0, name, 0), entity, "is found");
  t.equal(await ham(client, "ham_entity", "e".repeat(256), 0, 0), -ENAMETOOLONG, "of 256");
  t.equal(await ham(client, "ham_entity", "e".repeat(2_000), 0, 0), -EMSGSIZE, "of 2,000");
  t.equal(await ham(client, "ham_detach", entity, 0), 0, "ham_detach");
  await ham(client, "ham_disconnect", 0);
}

/** A task that knows where the manager receives, and sends it what it likes. */
async function survivesNonsense(t: Assert, _board: Board, hostile: Puppet, client: Puppet) {
  const chid = systemLimits().channels + 1;
  const coid = await hostile.result("ConnectAttach", 0, MAIN_PID, chid, 0, 0);
  t.ok(coid >= 0, "it can connect");
  for (const count of [0, 1, 3, 4, 7, 40, 128]) {
    for (const byte of [0, 1, 0x7f, 0xff]) {
      const status = await hostile.result("MsgSend", coid, filled(count, byte), count, null, 0);
      t.ok(status < 0, `${count} bytes of ${byte}: refused with ${status}`);
    }
  }
  t.ok((await hostile.result("MsgSendPulse", coid, 10, CODE, 1)) < 0, "it takes no pulses");
  await hostile.result("ConnectDetach", coid);
  const entity = await ham(client, "ham_attach_self", "driver", 0, 0, 0, 0);
  t.ok(entity > 0, "the manager goes on");
  t.equal(await ham(client, "ham_detach_self", entity, 0), 0, "ham_detach_self");
  await ham(client, "ham_disconnect", 0);
}

export const hamCases: readonly ContractCase[] = [
  { title: "ham_condition: a pulse tells of a death", puppets: 2, run: tellsOfDeath },
  { title: "ham_detach_self: a pulse tells of it", puppets: 2, run: tellsOfDetach },
  { title: "ham_attach_self: a pulse tells of missed beats", puppets: 2, run: tellsOfMissedBeats },
  { title: "ham_condition_state: a pulse tells of the change", puppets: 2, run: tellsOfStates },
  { title: "ham_action_notify_signal: SIGKILL ends a task", puppets: 2, run: killsBySignal },
  { title: "ham: what is wrong is refused, and changes nothing", puppets: 1, run: refuses },
  {
    title: "ham: who may observe is told, and gets -EPERM for all else",
    puppets: 2,
    abilities: [["observe"]],
    run: asksForTooMuch,
  },
  {
    title: "ham: who may restart one task can end that one",
    puppets: 3,
    abilities: [["restart:p2"]],
    run: restartsOne,
  },
  { title: "ham: what a task has made goes with its death", puppets: 2, run: makersDie },
  { title: "ham: names that are longer than a message", puppets: 1, run: passesLongNames },
  { title: "ham: nonsense in its channel does no harm", puppets: 2, run: survivesNonsense },
];

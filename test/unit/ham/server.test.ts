/**
 * Hostile requests: whatever a task sends, it gets an errno, and nothing changes.
 */
import * as fc from "fast-check";
import test from "tape";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { managerChid } from "../../../src/kernel/channel/channel.js";
import { EINVAL, ENOENT, EOK } from "../../../src/kernel/errno.js";
import { send } from "../../../src/kernel/message/send.js";
import { sharedAcquire, sharedView } from "../../../src/kernel/message/shared-buffer.js";
import { MAIN_PID } from "../../../src/kernel/task/task.js";
import { CONDDEATH } from "../../../src/ham/protocol/constants.js";
import { OPERATIONS } from "../../../src/ham/protocol/operations.js";
import { ManagerServer } from "../../../src/manager/server.js";
import { ALL_ABILITIES } from "../../../src/manager/abilities.js";
import { OP_PART, PART_HEADER_BYTES, START_SERVICE } from "../../../src/manager/request.js";
import { OPS, writeRaw } from "../manager/raw-request.js";
import { as, Bench } from "../kernel/vms.js";
import { check, seeded } from "../kernel/seed.js";
import { log, Stage } from "./fake-task-control.js";
import { RealStage } from "../manager/supervise/real.js";

/** What a hostile task may know: handles, pids, commands. */
const NUMBERS = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 15, 513, 514, -1, 0x7fff_ffff, -0x8000_0000];

const TEXTS: readonly string[] = ["", "e", "c", "a", "t", "x", "a/b", ".global", "known"];

/** A tree with one of each, and a server that is asked by a call. */
function stageOf() {
  const stage = new Stage();
  const pid = stage.board.run("t");
  const condition = stage.condition(stage.entity("e"), CONDDEATH, "c");
  stage.action(condition, "a", log("a"));
  stage.declare("t", { period_ms: 1_000, low: 1, high: 2 });
  stage.board.abilities.set("t", ALL_ABILITIES);
  stage.model.started("t", pid);
  const target = {
    startService: (service: string): number => (service === "known" ? EOK : -ENOENT),
    perform: stage.model.perform.bind(stage.model),
  };
  const server = as(new Bench().main, () => new ManagerServer(target, 1));
  return { stage, pid, server };
}

/** All that a refused request must leave as it was; the board may have been asked in vain. */
function stateOf(stage: Stage): string {
  const { verbosity, jobs, isStopped } = stage.model;
  const { logged, monitor } = stage.board;
  return JSON.stringify([
    stage.tree(),
    verbosity,
    monitor.isSuspended,
    jobs.count,
    isStopped,
    logged,
  ]);
}

/** Asks, and says what is wrong with the answer; "" for nothing. */
function complaint({ stage, pid, server }: ReturnType<typeof stageOf>, bytes: Uint8Array): string {
  const before = stateOf(stage);
  const status = server.handle(pid, bytes, bytes.length);
  if (!Number.isInteger(status)) return `status ${status}`;
  return status >= 0 || stateOf(stage) === before ? "" : `status ${status}, and it has changed`;
}

test(seeded("server: any bytes are answered, and what is refused changes nothing"), (t) => {
  let set = stageOf();
  const bytes = fc.uint8Array({ maxLength: 64 });
  check(
    fc.property(bytes, (message) => {
      if (set.stage.model.isStopped) set = stageOf();
      return complaint(set, message) === "";
    }),
    1_000,
  );
  t.pass("all were");
  t.end();
});

test(seeded("server: as do requests that are nearly right"), (t) => {
  const request = fc.record({
    op: fc.constantFrom(...OPS),
    flags: fc.oneof(fc.constant(0), fc.constantFrom(...NUMBERS), fc.integer()),
    numbers: fc.array(fc.oneof(fc.constantFrom(...NUMBERS), fc.integer()), { maxLength: 8 }),
    texts: fc.array(fc.constantFrom(...TEXTS), { maxLength: 4 }),
    isShaped: fc.boolean(),
  });
  let set = stageOf();
  let answered = 0;
  check(
    fc.property(request, ({ op, flags, numbers, texts, isShaped }) => {
      const into = new Uint8Array(256);
      if (isShaped) {
        while (numbers.length < ((op >> 4) & 15)) numbers.push(6);
        while (texts.length < (op & 15)) texts.push("n");
        numbers.length = (op >> 4) & 15;
        texts.length = op & 15;
      }
      const count = writeRaw(into, op, flags, numbers, texts);
      if (set.stage.model.isStopped) set = stageOf();
      if (count < 0) return true;
      answered++;
      return complaint(set, into.subarray(0, count)) === "";
    }),
    3_000,
  );
  t.ok(answered > 1_000, `${answered} were`);
  t.end();
});

/** Bytes that the client library would never send. */
const BAD: readonly (readonly [string, readonly number[]])[] = [
  ["nothing", []],
  ["half a header", [1, 0, 0, 0]],
  ["an operation that does not exist", [0x00, 0x7f, 0, 0, 0, 0, 0, 0]],
  ["a negative one", [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
  ["one of another shape", [0x02, 0x16, 0, 0, 0, 0, 0, 0, 0x61, 0, 0x62]],
  ["too few numbers", [0x10, 0x13, 0, 0, 0, 0, 0, 0, 1, 2]],
  ["bytes after the numbers", [0x10, 0x13, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0x61]],
  ["a text too many", [0x01, 0x16, 0, 0, 0, 0, 0, 0, 0x61, 0, 0x62]],
  ["a text too few", [0x02, 0x18, 0, 0, 0, 0, 0, 0, 0x61]],
  ["a text that is no ASCII", [0x01, 0x16, 0, 0, 0, 0, 0, 0, 0x61, 0xc3, 0xbc]],
  ["a text with a line's end", [0x01, 0x16, 0, 0, 0, 0, 0, 0, 0x0a]],
];

test("server: -EINVAL for what is no request, by real messages", (t) => {
  const stage = new RealStage();
  const client = stage.client("a");
  as(client, () => {
    const coid = ConnectAttach(0, MAIN_PID, managerChid(), 0, 0);
    const before = stage.tree();
    for (const [title, bytes] of BAD) {
      const message = new Uint8Array(bytes);
      // The limit makes it look at the clock, where the main VM gets its turn.
      t.equal(sendTimed(coid, message), -EINVAL, title);
    }
    t.equal(stage.tree(), before, "nothing has changed");
  });
  t.end();
});

function sendTimed(coid: number, message: Uint8Array, count = message.length): number {
  $vm.armedStates = 0x50;
  $vm.armedUntil = $vm.port.now() + 5_000;
  return send(coid, message, count, null, 0);
}

test("server: -EINVAL for a message that is longer than its buffer, in a shared buffer", (t) => {
  const stage = new RealStage({ messageBytes: 24, sharedBuffers: 1, sharedBytes: 64 });
  as(stage.client("a"), () => {
    const coid = ConnectAttach(0, MAIN_PID, managerChid(), 0, 0);
    const shared = sharedView(sharedAcquire());
    const count = writeRaw(shared!, OPERATIONS.entity.op, 0, [], ["e".repeat(20)]);
    t.equal(sendTimed(coid, shared!, count), -EINVAL, "not cut to 16 characters");
  });
  t.equal(stage.model.registry.entities.filter(({ name }) => name !== "a").length, 0, "none");
  t.end();
});

test("server: who asks says the kernel", (t) => {
  const stage = new RealStage();
  const [a, b] = [stage.client("a"), stage.client("b")];
  const into = new Uint8Array(64);
  const count = writeRaw(into, OPERATIONS.attachSelf.op, 0, [0, 0, 0, 0], ["self"]);
  as(a, () => {
    const coid = ConnectAttach(0, MAIN_PID, managerChid(), 0, 0);
    t.ok(sendTimed(coid, into.subarray(0, count)) > 0, "attached");
  });
  const entity = stage.model.registry.entityNamed("self")!;
  t.equal(entity.pid, a.pid, "the sender");
  as(b, () => {
    const coid = ConnectAttach(0, MAIN_PID, managerChid(), 0, 0);
    const bytes = writeRaw(into, OPERATIONS.detachSelf.op, 0, [entity.handle], []);
    t.equal(sendTimed(coid, into.subarray(0, bytes)), -EINVAL, "another cannot say it is");
  });
  t.end();
});

test("server: start-service is for the supervisor to answer", (t) => {
  const { server, pid } = stageOf();
  const into = new Uint8Array(64);
  for (const [service, status] of [
    ["known", 0],
    ["unknown", -ENOENT],
  ] as const) {
    const count = writeRaw(into, START_SERVICE.op, 0, [], [service]);
    t.equal(server.handle(pid, into, count), status, service);
  }
  t.end();
});

/** A part of a request, or of what pretends to be one. */
function part(offset: number, total: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(PART_HEADER_BYTES + bytes.length);
  writeRaw(message, OP_PART, offset, [total], []);
  message.set(bytes, PART_HEADER_BYTES);
  return message;
}

test("server: a request in parts is answered as one, each task's by itself", (t) => {
  const { server, pid, stage } = stageOf();
  const other = stage.board.run("u");
  stage.board.abilities.set("u", ALL_ABILITIES);
  const whole = new Uint8Array(64);
  const count = writeRaw(whole, OPERATIONS.entity.op, 0, [], ["x".repeat(30)]);
  const sendPart = (from: number, offset: number, end: number, total = count): number => {
    const message = part(offset, total, whole.subarray(offset, end));
    return server.handle(from, message, message.length);
  };
  t.equal(sendPart(pid, 0, 10), 0, "the first");
  t.equal(sendPart(other, 10, 20), -EINVAL, "another has not begun");
  t.equal(sendPart(pid, 20, 30), -EINVAL, "one is missing");
  t.equal(sendPart(pid, 10, 20, count + 1), -EINVAL, "another length");
  t.equal(sendPart(pid, 10, 20), 0, "the second");
  t.ok(sendPart(pid, 20, count) > 0, "the last: a handle");
  t.ok(stage.model.registry.entityNamed("x".repeat(30)) !== undefined, "with its whole name");
  t.equal(sendPart(pid, 20, count), -EINVAL, "it is over");
  t.equal(sendPart(pid, 0, 10), 0, "begun again");
  server.forget(pid);
  t.equal(sendPart(pid, 10, 20), -EINVAL, "its task has gone");
  for (const total of [0, -1, 1_025, 0x7fff_ffff]) {
    t.equal(sendPart(pid, 0, 10, total), -EINVAL, `${total} bytes in all`);
  }
  t.end();
});

test("server: parts do not nest", (t) => {
  const { server, pid } = stageOf();
  const inner = part(0, 100, new Uint8Array(4));
  const message = part(0, inner.length, inner);
  t.equal(server.handle(pid, message, message.length), -EINVAL);
  t.end();
});

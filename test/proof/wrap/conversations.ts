/**
 * What is done near a boundary: talk, and lives, names and looks from outside. Each makes several
 * of its calls, so that it crosses, and throws when one of them does other than it should.
 */
import { MsgSend } from "../../../src/ha/cover.js";
import { keepTime } from "../../../src/arena/clock.js";
import * as L from "../../../src/arena/layout.js";
import { createMsgInfo } from "../../../src/arena/records.js";
import { ConnectAttach, ConnectDetach } from "../../../src/kernel/connection/connect-attach.js";
import { EAGAIN, EBADF, EEXIST, ENOENT, ESRCH } from "../../../src/kernel/errno.js";
import { readTrace, trace, TRACE_START } from "../../../src/kernel/inspect/trace.js";
import { viewPlace } from "../../../src/kernel/inspect/view.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import { name_attach, name_detach, name_open } from "../../../src/kernel/name/name.js";
import { _PULSE_CODE_DISCONNECT } from "../../../src/kernel/pulse/pulse.js";
import { stableCommit, stableRead } from "../../../src/kernel/stable.js";
import { uptime } from "../../../src/kernel/task/current-task.js";
import { claimTask } from "../../../src/kernel/task/task.js";
import { as } from "../../unit/kernel/vms.js";
import { CLIENT, expect, expectEqual, KILLED, SERVER, type Stage } from "./stage.js";
import {
  events,
  limits,
  messages,
  nextPulse,
  order,
  pulses,
  recoveries,
  ROOM,
  ROUNDS,
  text,
} from "./talk.js";

/** A counter goes on by so much at most in one conversation. */
const FEW = 1_000;

/** Deaths of clients and servers, and successors in their places. */
function deaths(stage: Stage): void {
  for (let i = 0; i < 3; i++) {
    const { client, server, chid } = stage;
    // The client dies while its message is held.
    let held = 0;
    const holds = (): void => {
      held = MsgReceive(chid, new Uint8Array(ROOM), ROOM, null);
      expect(held > 0, "held");
      stage.bench.bury(client);
      const { code, scoid } = nextPulse(server, chid);
      expectEqual(code, _PULSE_CODE_DISCONNECT, "told");
      expectEqual(MsgReply(held, 0, null, 0), -ESRCH, "nobody waits");
      expectEqual(ConnectDetach(scoid), 0, "detached");
      throw KILLED;
    };
    stage.meanwhile(() => MsgSend(stage.coid, null, 0, null, 0), holds);
    stage.client = stage.start(CLIENT);
    expect(stage.client.pid > 0 && stage.client.pid !== client.pid, "another pid");
    expectEqual(
      as(stage.server, () => ConnectAttach(0, client.pid, 1, 0, 0)),
      -ESRCH,
      "the old pid",
    );
    // And then its server, while the successor waits.
    const coid = as(stage.client, () => ConnectAttach(0, server.pid, chid, 0, 0));
    const dies = (): void => {
      expect(MsgReceive(chid, new Uint8Array(ROOM), ROOM, null) > 0, "held");
      stage.bench.bury(server);
    };
    expectEqual(
      stage.meanwhile(() => MsgSend(coid, null, 0, null, 0), dies),
      -ESRCH,
      "the server",
    );
    expectEqual(
      as(stage.client, () => MsgSend(coid, null, 0, null, 0)),
      -EBADF,
      "is gone",
    );
    stage.server = stage.start(SERVER);
    as(stage.client, () => ConnectDetach(coid));
    stage.connect();
  }
  expectEqual(
    as(stage.main, () => claimTask(SERVER, 10)),
    -EAGAIN,
    "a place in use",
  );
  messages(stage);
}

/** Connections come and go; a scoid of the past means nobody. */
function connections(stage: Stage): void {
  const info = createMsgInfo();
  const seen = new Set<number>();
  for (let i = 0; i < ROUNDS; i++) {
    const coid = as(stage.client, () => ConnectAttach(0, stage.server.pid, stage.chid, 2, 0x40));
    const answers = (): void => {
      MsgReply(MsgReceive(stage.chid, new Uint8Array(ROOM), ROOM, info), 1, null, 0);
    };
    expectEqual(
      stage.meanwhile(() => MsgSend(coid, null, 0, null, 0), answers),
      1,
      "MsgSend",
    );
    expect(info.scoid > 0 && !seen.has(info.scoid), `scoid ${info.scoid}`);
    seen.add(info.scoid);
    as(stage.client, () => ConnectDetach(coid));
    const { code, scoid } = nextPulse(stage.server, stage.chid);
    expectEqual(code, _PULSE_CODE_DISCONNECT, "told");
    expectEqual(scoid, info.scoid, "of this one");
    expectEqual(
      as(stage.server, () => ConnectDetach(scoid)),
      0,
      "detached",
    );
    expect(as(stage.server, () => ConnectDetach(scoid)) < 0, "once");
  }
}

/** Names come and go, and lead where they say. */
function names(stage: Stage): void {
  for (let i = 0; i < ROUNDS; i++) {
    const chid = as(stage.server, () => name_attach(null, "near", 0));
    expect(chid > 0, `name_attach: ${chid}`);
    expectEqual(
      as(stage.client, () => name_attach(null, "near", 0)),
      -EEXIST,
      "another's",
    );
    const coid = as(stage.client, () => name_open("near", 0));
    const answers = (): void => {
      MsgReply(MsgReceive(chid, new Uint8Array(ROOM), ROOM, null), 2, null, 0);
    };
    expectEqual(
      stage.meanwhile(() => MsgSend(coid, null, 0, null, 0), answers),
      2,
      "its server",
    );
    as(stage.server, () => name_detach(chid, 0));
    expectEqual(
      as(stage.client, () => MsgSend(coid, null, 0, null, 0)),
      -EBADF,
      "the channel",
    );
    expectEqual(
      as(stage.client, () => name_open("near", 0)),
      -ENOENT,
      "and the name are gone",
    );
    as(stage.client, () => ConnectDetach(coid));
  }
}

/** What was committed last is read, also by a successor. */
function stable(stage: Stage): void {
  for (let i = 0; i < ROUNDS; i++) {
    expectEqual(
      as(stage.server, () => stableCommit(text(i), 5)),
      0,
      "stableCommit",
    );
    if (i === 2) {
      stage.bench.bury(stage.server);
      stage.server = stage.start(SERVER);
    }
    const into = new Uint8Array(8);
    expectEqual(
      as(stage.server, () => stableRead(into)),
      5,
      "stableRead",
    );
    expectEqual(into.join(), [...text(i).slice(0, 5), 0, 0, 0].join(), "the last commit");
  }
}

/** What watchers see: counts that go on, times that are right. */
function looks(stage: Stage): void {
  const before = as(stage.main, () => viewPlace(CLIENT).counters);
  const seen = as(stage.main, () => uptime());
  const boot_ms = stage.now_ms - seen;
  messages(stage);
  limits(stage);
  as(stage.main, () => {
    const after = viewPlace(CLIENT).counters;
    for (const key of Object.keys(after) as (keyof typeof after)[]) {
      const more = (after[key] - before[key] + 2 ** 32) % 2 ** 32;
      expect(after[key] >= 0 && more < FEW, `${key}: ${before[key]}, then ${after[key]}`);
    }
    for (let i = 0; i < 3; i++) {
      trace(TRACE_START, i);
      const [last] = readTrace().slice(-1);
      expect(last !== undefined && last.value === i, `trace: ${JSON.stringify(last)}`);
      expect(Math.abs(last!.ms - uptime()) < 20, `an event at ${last!.ms}, now ${uptime()}`);
      const numbers = readTrace().map(({ number }) => number);
      const steps = numbers.slice(1).map((number, at) => (number - numbers[at]!) >>> 0);
      expect(
        steps.every((step) => step < FEW),
        `numbers ${numbers.join()}`,
      );
    }
    keepTime();
    const off = stage.now_ms - boot_ms - uptime();
    expect(Math.abs(off) < 20, `uptime is ${off} ms off`);
  });
}

/** How long a client waits is told. */
function waits(stage: Stage): void {
  let ms = NaN;
  const asks = (): void => {
    stage.words[stage.task(CLIENT, L.TASK_SINCE)] ||= 1;
    ms = as(stage.main, () => viewPlace(CLIENT).waitsFor!.ms);
    MsgReply(MsgReceive(stage.chid, new Uint8Array(ROOM), ROOM, null), 0, null, 0);
  };
  stage.meanwhile(() => MsgSend(stage.coid, null, 0, null, 0), asks);
  expect(ms >= 0 && ms < 2 ** 32, `it waits for ${ms} ms`);
}

export const CONVERSATIONS: Readonly<Record<string, (stage: Stage) => void>> = {
  messages,
  recoveries,
  pulses,
  order,
  events,
  limits,
  deaths,
  connections,
  names,
  stable,
  looks,
  waits,
};

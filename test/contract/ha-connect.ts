/**
 * Recovery: connections that are made HA-aware, moved, doubled and closed.
 */
import {
  EBADF,
  EEXIST,
  EINVAL,
  EMFILE,
  ENOENT,
  ENOREMOTE,
  ESRCH,
  HA_RECOVERY_SUSPEND,
  HAREPLACERECOVERYFN,
} from "reattach";
import type { ContractCase } from "./board.js";
import { calls, comeBack, NAME, OTHER, REOPEN, script, steps } from "./ha-steps.js";
import { attach, connect, filled, send, serve } from "./steps.js";

/** Numbers of the side-channel space start here: names are opened in it. */
const SIDE = 0x4000_0000;

const makeCases: readonly ContractCase[] = [
  {
    title:
      "ha_ConnectAttach: a coid that is HA-aware from the beginning, or an error of either half",
    puppets: 2,
    async run(t, board, server, client) {
      const chid = await server.result("name_attach", null, NAME, 0);
      const make = async (pid: number, id: number, flags: number): Promise<number> =>
        (await client.act("connectScript", pid, id, REOPEN, flags)).result;
      const coid = await make(server.pid, chid, 0);
      t.equal(coid, 0, "the first number");
      t.equal(await make(server.pid, chid + 1, 0), -ESRCH, "no such channel");
      t.equal(await make(server.pid, chid, 8), -EINVAL, "no such flag");
      const none = await client.result(
        "ha_ConnectAttach",
        0,
        server.pid,
        chid,
        0,
        0,
        null,
        null,
        0,
      );
      t.equal(none, -EINVAL, "no function");
      const far = await client.result("ha_ConnectAttach", 1, server.pid, chid, 0, 0, null, null, 0);
      t.equal(far, -EINVAL, "nor for another node: the function is looked at first");
      t.equal(await attach(client, server, chid), 1, "what failed has left no connection");
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 3), "m", "recovered");
      t.equal(await sent, 3, "and answered");
    },
  },
  {
    title: "ha_open: name_open that is HA-aware from the beginning, or an error of either half",
    puppets: 2,
    async run(t, board, server, client) {
      const open = async (name: string, oflag = 0, flags = 0): Promise<number> =>
        (await client.act("openScript", name, oflag, REOPEN, flags)).result;
      t.equal(await open(NAME), -ENOENT, "nobody has the name");
      await server.result("name_attach", null, NAME, 0);
      t.equal(await open(NAME, 2), -EINVAL, "oflag");
      t.equal(await open(NAME, 0, 8), -EINVAL, "no such flag");
      t.equal(await open("/x"), -EINVAL, "no name");
      t.equal(await client.result("ha_open", NAME, 0, null, null, 0), -EINVAL, "no function");
      const coid = await open(NAME);
      t.equal(coid, SIDE, "the first number: what failed has left no connection");
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 3), "m", "recovered");
      t.equal(await sent, 3, "and answered");
    },
  },
  {
    title: "ha_creat: ha_open for what is registered; -ENOENT where no manager knows the service",
    puppets: 2,
    async run(t, board, server, client) {
      const make = async (name: string, mode = 0, flags = 0): Promise<number> =>
        (await client.act("creatScript", name, mode, REOPEN, flags)).result;
      t.equal(await make("nobody"), -ENOENT, "not declared");
      t.equal(await make(NAME, 1), -EINVAL, "mode");
      await server.result("name_attach", null, NAME, 0);
      t.equal(await make(NAME, 0, 8), -EINVAL, "no such flag");
      const coid = await make(NAME);
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 3), "m", "recovered");
      t.equal(await sent, 3, "and answered");
    },
  },
];

const CLOSES = ["ha_ConnectDetach", "ha_close", "ConnectDetach", "name_close"] as const;

const closeCases = CLOSES.map((name): ContractCase => ({
  title: `${name}: takes the recovery with the number: the next connection is a plain one`,
  puppets: 2,
  async run(t, board, server, client) {
    const { chid, coid } = await connect(server, client);
    await script(client, coid, { answer: -1 });
    t.equal(await client.result(name, coid), 0, "closed");
    t.equal(await client.result("ha_detach", coid), -EBADF, "not HA-aware");
    t.equal(await send(client, coid), -EBADF, "no connection");
    t.equal(await attach(client, server, chid), coid, "the same number");
    await board.kill(server);
    t.equal(await send(client, coid), -EBADF, "the original error");
    t.equal(await calls(client), 0, "nobody was asked");
    t.equal(await client.result(name, coid), 0, "a plain one can be closed too");
    t.equal(await client.result(name, coid), -EINVAL, "once");
  },
}));

const moveCases: readonly ContractCase[] = [
  {
    title: "ha_ReConnectAttach: to any channel, under the same number",
    puppets: 3,
    async run(t, board, first, second, client) {
      const { coid } = await connect(first, client);
      const chid = await second.result("ChannelCreate", 0);
      await board.kill(first);
      const move = ["ha_ReConnectAttach", "$coid", 0, second.pid, chid, 7, 0] as const;
      await script(client, coid, { steps: [move], answer: "last" });
      const sent = send(client, coid, "m");
      t.equal(await serve(second, chid, 4), "m", "the other server");
      t.equal(await sent, 4, "answers");
      t.deepEqual(await steps(client), [coid], "the same number");
    },
  },
  {
    title: "ha_ReConnectAttach: an error leaves the connection as it was",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const bad = [
        ["another node", [coid, 1, server.pid, chid, 0, 0], -ENOREMOTE],
        ["no such task", [coid, 0, server.pid + 512, chid, 0, 0], -ESRCH],
        ["no such channel", [coid, 0, server.pid, chid + 1, 0, 0], -ESRCH],
        ["no such flag", [coid, 0, server.pid, chid, 0, 4], -EINVAL],
        ["no such coid", [coid + 1, 0, server.pid, chid, 0, 0], -EBADF],
      ] as const;
      for (const [what, args, error] of bad) {
        t.equal(await client.result("ha_ReConnectAttach", ...args), error, what);
      }
      const sent = send(client, coid, "m");
      t.equal(await serve(server, chid, 4), "m", "it works");
      t.equal(await sent, 4, "as before");
    },
  },
  {
    title: "ConnectDetach: inside the recovery function the number may be taken again by hand",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await client.result("ConnectAttach", 0, server.pid, 1, 5, 0);
      await script(client, coid, { answer: -1 });
      const back = await comeBack(board, server);
      const byHand = [
        ["ConnectDetach", "$coid"],
        ["ConnectAttach", 0, back.server.pid, back.chid, coid, 0],
      ] as const;
      await script(client, coid, { steps: byHand, answer: "last" }, HAREPLACERECOVERYFN);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 4), "m", "recovered");
      t.equal(await sent, 4, "answered");
      t.deepEqual(await steps(client), [0, coid], "the number is the same");
      t.equal(await client.result("ha_detach", coid), 0, "and it is still HA-aware");
    },
  },
  {
    title: "ha_close: inside the recovery function: the original error, and the number is free",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await script(client, coid, { steps: [["ha_close", "$coid"]], answer: "coid" });
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "the original error");
      t.equal(await calls(client), 1, "it was asked once");
      t.equal(await client.result("ha_detach", coid), -EBADF, "it is gone");
    },
  },
  {
    title: "ha_detach: inside the recovery function the message still goes out, the next fails",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      const once = [
        ["reopen", NAME],
        ["ha_detach", "$coid"],
      ] as const;
      await script(client, coid, { steps: once, answer: "coid" });
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 4), "m", "transmitted again");
      t.equal(await sent, 4, "answered");
      await board.kill(back.server);
      t.equal(await send(client, coid), -EBADF, "a plain connection");
    },
  },
];

const dupCases: readonly ContractCase[] = [
  {
    title: "ha_dup: another number, the same connection, and what recovers it is shared",
    puppets: 2,
    async run(t, board, server, client) {
      const chid = await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await script(client, coid, { answer: -1 });
      const twin = await client.result("ha_dup", coid);
      t.equal(twin, coid + 1, "the next number of its space");
      const sent = send(client, twin, "twin");
      t.equal(await serve(server, chid, 1), "twin", "it works");
      t.equal(await sent, 1, "as the first");
      t.equal(await script(client, twin, REOPEN), -EEXIST, "it has a function already");
      t.equal(await script(client, twin, REOPEN, HAREPLACERECOVERYFN), 0, "another one");
      const back = await comeBack(board, server);
      for (const each of [coid, twin]) {
        const again = send(client, each, "again");
        t.equal(await serve(back.server, back.chid, 2), "again", "changed for both");
        t.equal(await again, 2, "each is recovered by itself");
      }
      t.equal(await calls(client), 2, "two recoveries");
    },
  },
  {
    title: "ha_dup: limits are shared, and all lives until the last is closed",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await script(client, coid, REOPEN);
      const twin = await client.result("ha_dup", coid);
      await client.result("ha_connection_ctrl", coid, HA_RECOVERY_SUSPEND);
      let back = await comeBack(board, server);
      t.equal(await send(client, twin), -EBADF, "suspended through the other");
      await client.result("ha_connection_ctrl", twin, 4);
      t.equal(await client.result("ha_close", coid), 0, "the first is closed");
      const sent = send(client, twin, "m");
      t.equal(await serve(back.server, back.chid, 2), "m", "the other is recovered");
      t.equal(await sent, 2, "answered");
      t.equal(await client.result("ha_detach", twin), 0, "the last");
      back = await comeBack(board, back.server);
      t.equal(await send(client, twin), -EBADF, "a plain connection");
    },
  },
  {
    title: "ha_dup: of a plain connection, of a lost one, of none, and when there is no room",
    puppets: 2,
    limits: { connections: 4 },
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      const plain = await client.result("ha_dup", coid);
      t.equal(plain, 1, "a plain one");
      t.equal(await client.result("ha_detach", plain), -EBADF, "makes a plain one");
      t.equal(await client.result("ha_dup", 9), -EBADF, "no coid");
      await script(client, coid, REOPEN);
      const back = await comeBack(board, server);
      const twin = await client.result("ha_dup", coid);
      t.equal(twin, 2, "a lost one");
      const sent = send(client, twin, "m");
      t.equal(await serve(back.server, back.chid, 2), "m", "can be recovered");
      t.equal(await sent, 2, "answered");
      t.equal(await client.result("ha_dup", coid), 3, "the last number");
      t.equal(await client.result("ha_dup", coid), -EMFILE, "no number");
      t.equal(
        (await client.result("MsgSend", coid, filled(1), 2, null, 0)) < 0,
        true,
        "no harm done",
      );
    },
  },
  {
    title: "ha_reopen: over to another service and back",
    puppets: 3,
    async run(t, board, first, second, client) {
      await first.result("name_attach", null, NAME, 0);
      const chid = await second.result("name_attach", null, OTHER, 0);
      const coid = await client.result("name_open", NAME, 0);
      await script(client, coid, { steps: [["ha_reopen", "$coid", OTHER, 0]], answer: "last" });
      const back = await comeBack(board, first);
      let sent = send(client, coid, "over");
      t.equal(await serve(second, chid, 1), "over", "the other service");
      t.equal(await sent, 1, "answers");
      t.equal(await client.result("ha_reopen", coid, NAME, 0), coid, "back, as nothing is lost");
      sent = send(client, coid, "back");
      t.equal(await serve(back.server, back.chid, 2), "back", "the first service");
      t.equal(await sent, 2, "answers");
      t.equal(await calls(client), 1, "that was no recovery");
    },
  },
];

export const haConnectCases: readonly ContractCase[] = [
  ...makeCases,
  ...closeCases,
  ...moveCases,
  ...dupCases,
];

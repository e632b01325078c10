/**
 * waitForName: how clients wait for a service.
 */
import { _NTO_TIMEOUT_RECEIVE, EDEADLK, EINVAL, ETIMEDOUT } from "reattach";
import type { ContractCase } from "./board.js";
import { BAD_NAMES } from "./name.js";
import { connect, send, serve } from "./steps.js";

const LONG_MS = 60_000;

export const waitForNameCases: readonly ContractCase[] = [
  {
    title: "waitForName: 0 when the name is registered: at once, or when somebody does",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const waits = client.result("waitForName", "service", LONG_MS);
      await client.until("NANOSLEEP");
      await other.result("name_attach", null, "other", 0);
      await client.until("NANOSLEEP");
      const chid = await server.result("name_attach", null, "service", 0);
      t.equal(await waits, 0, "it is there");
      const coid = await client.result("name_open", "service", 0);
      const sent = send(client, coid, "m");
      t.equal(await serve(server, chid, 3), "m", "and serves");
      t.equal(await sent, 3, "answered");
      t.equal(await client.result("waitForName", "service", 0), 0, "at once, whatever the time");
    },
  },
  {
    title: "waitForName: through deaths of the server, and of the one that waits",
    puppets: 2,
    async run(t, board, server, client) {
      void client.result("waitForName", "service", LONG_MS);
      await client.until("NANOSLEEP");
      await board.kill(client);
      const next = await board.restart(client);
      await server.result("name_attach", null, "service", 0);
      await board.kill(server);
      const waits = next.result("waitForName", "service", LONG_MS);
      await next.until("NANOSLEEP");
      const successor = await board.restart(server);
      await successor.result("name_attach", null, "service", 0);
      t.equal(await waits, 0, "the successors meet");
    },
  },
  {
    title: "waitForName: ends with its time, and with TimerTimeout's, which is used up",
    puppets: 1,
    async run(t, { main }, client) {
      for (const ms of [0, 5, -1]) {
        t.equal(await client.result("waitForName", "nobody", ms), -ETIMEDOUT, `${ms} ms`);
      }
      await client.result("TimerTimeout", _NTO_TIMEOUT_RECEIVE, 5);
      t.equal(await client.result("waitForName", "nobody", LONG_MS), -ETIMEDOUT, "TimerTimeout");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "used up");
      for (const [name, error] of BAD_NAMES) {
        if (Array.isArray(name)) continue;
        t.equal(await client.result("waitForName", name, 0), error, `the name ${String(name)}`);
        const names = ["nobody", name];
        t.equal(await client.result("waitForName", names, 0), error, "the same among others");
      }
      t.equal(await client.result("waitForName", [], 0), -EINVAL, "no name at all");
      t.equal(await client.result("waitForName", "nobody", "5"), -EINVAL, "a time that is a text");
      t.equal(main.waitForName("nobody", 5), -EDEADLK, "the main VM may not wait");
    },
  },
  {
    title: "waitForName: one of several names is enough",
    puppets: 2,
    async run(t, _board, server, client) {
      const waits = client.result("waitForName", ["nobody", "service"], LONG_MS);
      await client.until("NANOSLEEP");
      await server.result("name_attach", null, "service", 0);
      t.equal(await waits, 0, "the second is there");
      t.equal(await client.result("waitForName", ["service", "nobody"], 0), 0, "or the first");
    },
  },
  {
    title: "waitForName: messages and pulses stay queued meanwhile",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(client, other);
      const waits = client.result("waitForName", "service", LONG_MS);
      await client.until("NANOSLEEP");
      const sent = send(other, coid, "queued");
      await other.until("SEND");
      await client.until("NANOSLEEP");
      await server.result("name_attach", null, "service", 0);
      t.equal(await waits, 0, "the name was waited for");
      t.equal(await serve(client, chid, 1), "queued", "then the message");
      t.equal(await sent, 1, "answered");
    },
  },
  {
    title: "waitForName: all of those that wait are woken",
    puppets: 5,
    async run(t, { puppets }, server) {
      const clients = puppets.filter((puppet) => puppet !== server);
      const waits = clients.map((client) => client.result("waitForName", "service", LONG_MS));
      for (const client of clients) await client.until("NANOSLEEP");
      await server.result("name_attach", null, "service", 0);
      t.deepEqual(await Promise.all(waits), [0, 0, 0, 0], "four");
    },
  },
];

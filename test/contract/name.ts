/**
 * name_attach, name_detach, name_open: how clients find a service.
 */
import {
  _NTO_CHF_DISCONNECT,
  _NTO_SIDE_CHANNEL,
  EAGAIN,
  EBADF,
  EEXIST,
  EINVAL,
  EMFILE,
  ENAMETOOLONG,
  ENOENT,
  ESRCH,
  ETIMEDOUT,
  NAME_FLAG_DETACH_SAVEDPP,
} from "reattach";
import type { ContractCase } from "./board.js";
import { attach, send, serve } from "./steps.js";

const LONGEST = "x".repeat(32);
const GOOD_NAMES = ["a", "sensor", "a/b/c", "a.b", ".", "~!@#$%^&*()[]{}|\\", LONGEST, "UPPER_1-2"];
/** What is no name, and the errno for it. */
export const BAD_NAMES: readonly (readonly [unknown, number])[] = [
  ["", -EINVAL],
  ["/sensor", -EINVAL],
  ["/", -EINVAL],
  ["..", -EINVAL],
  ["a/../b", -EINVAL],
  ["a..", -EINVAL],
  ["two words", -EINVAL],
  ["line\n", -EINVAL],
  ["nul\0", -EINVAL],
  ["\x7f", -EINVAL],
  ["größe", -EINVAL],
  ["名", -EINVAL],
  [`${LONGEST}x`, -ENAMETOOLONG],
  ["x".repeat(1000), -ENAMETOOLONG],
  [null, -EINVAL],
  [undefined, -EINVAL],
  [7, -EINVAL],
  [["a"], -EINVAL],
];

const attachCases: readonly ContractCase[] = [
  {
    title: "name_attach: makes a channel and registers it; name_open connects to it",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("name_attach", null, "sensor", 0);
      t.ok(chid > 0, "a chid");
      const coid = await client.result("name_open", "sensor", 0);
      t.equal(coid, _NTO_SIDE_CHANNEL, "a coid of the side-channel space");
      const sent = send(client, coid, "hello");
      t.equal(await serve(server, chid, 4), "hello", "a message");
      t.equal(await sent, 4, "is answered");
      t.equal(await client.result("name_open", "sensor", 0), _NTO_SIDE_CHANNEL + 1, "twice");
      t.equal(await client.result("name_close", coid), 0, "closed");
      t.equal(await client.result("name_open", "sensor", 0), coid, "the number is free again");
    },
  },
  {
    title: "name_attach: registers the channel of a handle, under several names if so wished",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("ChannelCreate", _NTO_CHF_DISCONNECT);
      for (const name of GOOD_NAMES) {
        t.equal(await server.result("name_attach", { chid }, name, 0), chid, `"${name}"`);
      }
      for (const name of GOOD_NAMES) {
        const coid = await client.result("name_open", name, 0);
        const sent = send(client, coid, name);
        t.equal(await serve(server, chid), name.slice(0, 64), "found");
        await sent;
      }
    },
  },
  {
    title: "name_attach: -EINVAL, -ENAMETOOLONG for bad names; name_open and ha_reopen too",
    puppets: 1,
    async run(t, _board, puppet) {
      const chid = await puppet.result("ChannelCreate", 0);
      const coid = await puppet.result("ConnectAttach", 0, 0, chid, 0, 0);
      for (const [name, errno] of BAD_NAMES) {
        const shown = String(JSON.stringify(name)).slice(0, 40);
        t.equal(await puppet.result("name_attach", null, name, 0), errno, `attach ${shown}`);
        t.equal(await puppet.result("name_attach", { chid }, name, 0), errno, "with a handle");
        t.equal(await puppet.result("name_open", name, 0), errno, "name_open");
        t.equal(await puppet.result("ha_reopen", coid, name, 0), errno, "ha_reopen");
      }
      for (const flags of [1, 2, -1]) {
        t.equal(await puppet.result("name_attach", null, "n", flags), -EINVAL, "attach flags");
        t.equal(await puppet.result("name_open", "n", flags), -EINVAL, "open flags");
      }
    },
  },
  {
    title: "name_attach: -EEXIST while somebody has the name, and no channel is left behind",
    puppets: 2,
    limits: { channels: 2 },
    async run(t, _board, server, other) {
      const chid = await server.result("name_attach", null, "one", 0);
      t.equal(await other.result("name_attach", null, "one", 0), -EEXIST, "another task");
      t.equal(await server.result("name_attach", null, "one", 0), -EEXIST, "the same task");
      t.equal(await server.result("name_attach", { chid }, "one", 0), -EEXIST, "and channel");
      const theirs = await other.result("name_attach", null, "two", 0);
      t.ok(theirs > 0, "another name, and the second channel");
      t.equal(await other.result("name_attach", null, "three", 0), -EAGAIN, "no channel is free");
      t.equal(await server.result("name_detach", chid, 0), 0, "detached");
      t.ok((await other.result("name_attach", { chid: theirs }, "one", 0)) > 0, "now it is free");
    },
  },
  {
    title: "name_attach: names that only begin alike are different",
    puppets: 2,
    async run(t, _board, server, client) {
      const names = ["s", "se", "sensor", "sensor2", "SENSOR"];
      const chids: number[] = [];
      for (const name of names) chids.push(await server.result("name_attach", null, name, 0));
      for (const [i, name] of names.entries()) {
        const sent = send(client, await client.result("name_open", name, 0), name);
        t.equal(await serve(server, chids[i]!), name, `"${name}" on its own channel`);
        await sent;
      }
      t.equal(await client.result("name_open", "sens", 0), -ENOENT, "and a part is no name");
    },
  },
  {
    title: "name_attach: -EAGAIN when all names of the system are in use",
    puppets: 2,
    async run(t, { limits: { names } }, server, other) {
      const chid = await server.result("ChannelCreate", 0);
      for (let i = 0; i < names; i++) {
        t.equal(await server.result("name_attach", { chid }, `n${i}`, 0), chid, `name ${i}`);
      }
      t.equal(await other.result("name_attach", null, "more", 0), -EAGAIN, "full");
      t.equal(await other.result("name_attach", null, "n0", 0), -EAGAIN, "even for a taken one");
      await server.result("name_detach", chid, NAME_FLAG_DETACH_SAVEDPP);
      t.ok((await other.result("name_attach", null, "more", 0)) > 0, "room again");
    },
  },
  {
    title: "name_attach: -ESRCH for a handle whose channel is not the caller's",
    puppets: 2,
    async run(t, _board, server, other) {
      const chid = await server.result("ChannelCreate", 0);
      t.equal(await other.result("name_attach", { chid }, "n", 0), -ESRCH, "another task's");
      t.equal(await other.result("name_attach", { chid: 77 }, "n", 0), -ESRCH, "nobody's");
      t.equal(await other.result("name_open", "n", 0), -ENOENT, "nothing is registered");
    },
  },
  {
    title: "name_open: a service of another board is a name that only its gateway attaches",
    puppets: 1,
    async run(t, _board, puppet) {
      const remote = "/net/attic/service";
      t.equal(await puppet.result("name_attach", null, remote, 0), -EINVAL, "not for a task");
      t.equal(await puppet.result("name_open", remote, 0), -ENOENT, "but it may be opened");
      t.equal(await puppet.result("waitForName", remote, 0), -ETIMEDOUT, "or waited for");
      for (const name of ["/net", "/net/", "/net/attic", "/net//service", "/net/attic/"]) {
        t.equal(await puppet.result("name_open", name, 0), -EINVAL, name);
      }
    },
  },
];

const detachCases: readonly ContractCase[] = [
  {
    title: "name_detach: takes the name back and destroys the channel, unless it is to be saved",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("name_attach", null, "n", 0);
      const coid = await client.result("name_open", "n", 0);
      t.equal(await server.result("name_detach", chid, NAME_FLAG_DETACH_SAVEDPP), 0, "saved");
      t.equal(await client.result("name_open", "n", 0), -ENOENT, "the name is gone");
      const sent = send(client, coid, "still");
      t.equal(await serve(server, chid), "still", "the channel is not");
      await sent;
      t.equal(await server.result("name_attach", { chid }, "n", 0), chid, "registered again");
      t.equal(await server.result("name_detach", chid, 0), 0, "not saved");
      t.equal(await send(client, coid), -EBADF, "the channel is gone too");
      t.equal(await server.result("name_detach", chid, 0), -EINVAL, "twice");
    },
  },
  {
    title: "name_detach: takes back all names of the channel and no other",
    puppets: 2,
    async run(t, _board, server, client) {
      const first = await server.result("name_attach", null, "a1", 0);
      await server.result("name_attach", { chid: first }, "a2", 0);
      const second = await server.result("name_attach", null, "b", 0);
      await server.result("name_detach", first, 0);
      t.equal(await client.result("name_open", "a1", 0), -ENOENT, "a1");
      t.equal(await client.result("name_open", "a2", 0), -ENOENT, "a2");
      t.ok((await client.result("name_open", "b", 0)) > 0, "b is there");
      t.equal(await client.result("name_detach", second, 0), -EINVAL, "only its owner can");
    },
  },
  {
    title: "ChannelDestroy: takes back the names of the channel",
    puppets: 2,
    async run(t, { limits: { names } }, server, client) {
      for (let i = 0; i <= names; i++) {
        const chid = await server.result("name_attach", null, "n", 0);
        t.ok(chid > 0, `time ${i}: the name is free`);
        await server.result("ChannelDestroy", chid);
        t.equal(await client.result("name_open", "n", 0), -ENOENT, "nobody has it");
      }
    },
  },
];

const openCases: readonly ContractCase[] = [
  {
    title: "name_open: -ENOENT for a name that nobody has registered",
    puppets: 2,
    async run(t, _board, server, client) {
      t.equal(await client.result("name_open", "nobody", 0), -ENOENT, "never registered");
      await server.result("name_attach", null, "somebody", 0);
      t.equal(await client.result("name_open", "nobody", 0), -ENOENT, "another one is");
    },
  },
  {
    title: "name_open: -EMFILE and -EAGAIN as ConnectAttach",
    puppets: 3,
    limits: { connections: 3 },
    async run(t, _board, server, client, other) {
      await server.result("name_attach", null, "n", 0);
      for (let i = 0; i < 3; i++) {
        t.equal(await client.result("name_open", "n", 0), _NTO_SIDE_CHANNEL + i, `coid ${i}`);
      }
      t.equal(await client.result("name_open", "n", 0), -EMFILE, "its numbers are used up");
      t.equal(await other.result("name_open", "n", 0), -EAGAIN, "the system's table is");
    },
  },
  {
    title: "name_open: shares a connection with ConnectAttach to the same channel",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("name_attach", null, "n", 0);
      const named = await client.result("name_open", "n", 0);
      const plain = await attach(client, server, chid);
      const scoids: unknown[] = [];
      for (const coid of [named, plain]) {
        const info = await client.call("ConnectServerInfo", 0, coid, {});
        scoids.push((info.args[2] as { scoid: number }).scoid);
      }
      t.equal(scoids[0], scoids[1], "one scoid");
    },
  },
];

const deathCases: readonly ContractCase[] = [
  {
    title: "name_attach: a death frees the name, and the successor registers it again",
    puppets: 3,
    async run(t, board, server, client, other) {
      let current = server;
      for (let i = 0; i < 3; i++) {
        const chid = await current.result("name_attach", null, "service", 0);
        t.ok(chid > 0, `incarnation ${i + 1} registers`);
        const coid = await client.result("name_open", "service", 0);
        const sent = send(client, coid, "m");
        await serve(current, chid, i);
        t.equal(await sent, i, "and serves");
        await board.kill(current);
        t.equal(await client.result("name_open", "service", 0), -ENOENT, "dead: no such name");
        t.equal(await send(client, coid), -EBADF, "the old connection is lost");
        await client.result("name_close", coid);
        current = await board.restart(current);
      }
      t.ok((await other.result("name_attach", null, "service", 0)) > 0, "anybody may take it");
    },
  },
  {
    title: "name_attach: two tasks race for a name 1,000 times: each time exactly one has it",
    puppets: 2,
    limits: { sharedBuffers: 1, sharedBytes: 3_000 },
    async run(t, _board, first, second) {
      const buffer = await first.result("sharedAcquire");
      await first.act("fillShared", buffer, 0);
      const wins = await Promise.all(
        [first, second].map((puppet) => puppet.act("raceForName", "race", buffer, 1_000, 2)),
      );
      t.ok(
        wins.every(({ result }) => result >= 0),
        `never none and never both: ${wins.map(({ result }) => result).join(", ")}`,
      );
      t.equal(wins[0]!.result + wins[1]!.result, 1_000, "1,000 wins together");
    },
  },
  {
    title: "name_attach: four tasks race for a name 50 times",
    puppets: 4,
    limits: { sharedBuffers: 1, sharedBytes: 3_000 },
    async run(t, { puppets }, first) {
      const buffer = await first.result("sharedAcquire");
      await first.act("fillShared", buffer, 0);
      const wins = await Promise.all(
        puppets.map((puppet) => puppet.act("raceForName", "race", buffer, 50, 4)),
      );
      const counts = wins.map(({ result }) => result);
      t.ok(
        counts.every((count) => count >= 0),
        `never none and never two: ${counts.join(", ")}`,
      );
      t.equal(
        counts.reduce((sum, count) => sum + count, 0),
        50,
        "50 wins together",
      );
    },
  },
];

export const nameCases: readonly ContractCase[] = [
  ...attachCases,
  ...detachCases,
  ...openCases,
  ...deathCases,
];

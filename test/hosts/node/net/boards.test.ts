/**
 * Two boards and a broker, as users have them: a service of one is called from the other, through
 * deaths of the server, restarts of its board and of the broker.
 */
import test from "tape";
import { openControl } from "reattach/node";
import { startBroker } from "../../../../hosts/node/net/broker.js";
import { reattach } from "../control-process.js";
import { folderOf } from "../temp-folder.js";
import { areInOrder, bootBoth, untilMore } from "./two-boards.js";

test("boards: a service of another board, whose server is killed again and again", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  const { attic, cellar, sums, problems } = await bootBoth(t, broker.url);
  // The client comes first: it waits.
  await cellar.start();
  await attic.start();
  await untilMore(sums, 50);
  for (let kill = 0; kill < 20; kill++) {
    await attic.kill("counter");
    await untilMore(sums, 5);
  }
  t.ok(areInOrder(sums), `${sums.length} answers: each is one more than the last`);
  t.deepEqual(problems, [], "no call has failed");
});

test("boards: the broker is switched off and on, and each board restarts", async (t) => {
  let broker = await startBroker(0);
  t.teardown(() => broker.stop());
  const { attic, cellar, sums, problems } = await bootBoth(t, broker.url);
  await attic.start();
  await cellar.start();
  await untilMore(sums, 20);
  const port = Number(new URL(broker.url).port);
  for (let restart = 0; restart < 3; restart++) {
    await broker.stop();
    broker = await startBroker(port);
    await untilMore(sums, 20);
  }
  t.ok(areInOrder(sums), `${sums.length} answers: each is one more than the last`);
  t.deepEqual(
    problems.filter((text) => !text.startsWith("main: net:")),
    [],
    "no call has failed",
  );
  await attic.reboot("on purpose");
  await untilMore(sums, 20);
  await cellar.reboot("on purpose");
  await untilMore(sums, 20);
  t.ok(sums.at(-1)! < sums.length, "a board that has restarted counts from 0");
});

test("ps: the other boards that a board sees", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  const { attic, cellar, sums } = await bootBoth(t, broker.url);
  await attic.start();
  await cellar.start();
  await untilMore(sums, 5);
  const folder = folderOf(t, {});
  const control = await openControl(cellar, { runtimeFolder: folder });
  t.teardown(() => control.close());
  const { stdout, code } = await reattach(folder, "ps").ended;
  t.equal(code, 0);
  t.match(stdout, /^other board {2}state {2}services\nattic {8}here {3}counter$/m);
  t.match(stdout, /^board cellar: the broker is there$/m);
  const json = await reattach(folder, "ps", "--json").ended;
  const { net } = JSON.parse(json.stdout) as { net: object };
  t.deepEqual(Object.keys(net), Object.keys(cellar.net()!), "--json has all of system.net()");
});

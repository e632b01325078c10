/**
 * The examples of docs/recovery.md do what it says.
 */
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot } from "reattach/node";

/** How long an example may take. */
const LIMIT_MS = 30_000;

/**
 * What an example has written to its log when it says that it is done, and the deaths until then.
 */
async function play(name: string): Promise<{ lines: string[]; deaths: string[] }> {
  const manifest = new URL(`../../examples/recovery/${name}/manifest.json`, import.meta.url);
  const system = await boot(fileURLToPath(manifest));
  const lines: string[] = [];
  const deaths: string[] = [];
  system.on("death", ({ name: task, text }) => deaths.push(`${task}: ${text}`));
  let timer: NodeJS.Timeout | undefined;
  const done = new Promise<void>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name}: not done:\n${lines.join("\n")}`)),
      LIMIT_MS,
    );
    system.on("log", (_task, _level, text) => {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      if (text.startsWith("done")) resolve();
    });
  });
  await system.start();
  try {
    await done;
  } finally {
    clearTimeout(timer);
    await system.stop();
  }
  return { lines, deaths };
}

test("examples/recovery/first: no message fails while the server crashes", async (t) => {
  const { lines, deaths } = await play("first");
  const answers = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1];
  t.deepEqual(
    lines,
    [
      ...answers.map((answer, i) => `message ${i + 1}: answer ${answer}`),
      "done: no message failed",
    ],
    "every answer",
  );
  t.equal(deaths.length, 3, "after three crashes");
});

test("examples/recovery/session: each server is told who the client is", async (t) => {
  const { lines, deaths } = await play("session");
  t.equal(lines.at(-1), "done: 3 logins, and no message was refused", "three servers");
  t.notOk(
    lines.some((line) => line.includes("-")),
    "no error",
  );
  t.equal(deaths.length, 2, "two crashes");
});

test("examples/recovery/failover: somebody always answers", async (t) => {
  const { lines } = await play("failover");
  t.match(lines[0]!, /^answers: PPPPsss/, "first the primary, then the spare");
  t.match(lines[0]!, /s+P/, "and the primary again");
  t.equal(lines.at(-1), "done: somebody always answered", "to the end");
});

test("examples/recovery/once: the counter is right wherever its server dies", async (t) => {
  const { lines, deaths } = await play("once");
  t.equal(lines.at(-1), "done: 60, and 12 times 5 is 60", "twelve times five");
  for (const when of ["before", "while", "after"]) {
    const count = deaths.filter((text) => text.includes(`crashed ${when}`)).length;
    t.equal(count, 3, `${when} its effect`);
  }
});

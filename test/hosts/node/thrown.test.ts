/**
 * Whatever a task throws, and whatever it tells the main thread, is a death with a text at most.
 */
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot, type TaskDeath } from "reattach/node";

const WRITERS = fileURLToPath(new URL("./log/writers", import.meta.url));

const THROWN: readonly [what: string, text: RegExp][] = [
  ["null", /^null$/],
  ["symbol", /^Symbol\(s\)$/],
  ["bare", /^\{\}$/],
  ["bad-string", /^\{\}$/],
  ["bad-stack", /^RangeError: message$/],
  ["stack-number", /^RangeError: message$/],
  ["stack-object", /^RangeError: message$/],
  ["name-getter", /^Error: message\n +at .*writers\.ts:\d+/],
  ["proxy", /^a value that has no text$/],
  ["function", /=>/],
  ["big", /^Error: x+ … shortened from \d+ characters … /],
];

for (const act of ["throw", "reject"]) {
  test(`death: whatever it ${act}s has a text`, async (t) => {
    const tasks = THROWN.map(([what]) => {
      const task = { module: "writers", args: { act, what }, restart: { when: "never" } };
      return [what, task] as const;
    });
    const system = await boot({
      modules: { writers: WRITERS },
      config: { reattach: { limits: { tasks: 16 }, tasks: Object.fromEntries(tasks) } },
    });
    const deaths = new Map<string, TaskDeath>();
    const all = new Promise<void>((resolve) => {
      system.on("death", (death) => {
        deaths.set(death.name, death);
        if (deaths.size === THROWN.length) resolve();
      });
    });
    await system.start();
    await all;
    for (const [what, text] of THROWN) {
      t.equal(deaths.get(what)?.cause, "throw", what);
      t.match(deaths.get(what)!.text, text);
      t.ok(deaths.get(what)!.text.length <= 10_000, "of bounded length");
    }
    await system.stop();
  });
}

test("a task that tells the main thread nonsense harms nobody", async (t) => {
  const talker = { module: "writers", args: { act: "message" }, restart: { when: "never" } };
  const system = await boot({
    modules: { writers: WRITERS },
    config: { reattach: { tasks: { talker } } },
  });
  const died = new Promise<TaskDeath>((resolve) => system.once("death", resolve));
  await system.start();
  const { cause, text } = await died;
  t.equal(cause, "throw", "what says that it threw has died");
  t.equal(text, "7");
  await system.stop();
});

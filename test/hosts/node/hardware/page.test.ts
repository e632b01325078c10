/**
 * The programs of docs/hardware.md, as they stand there: they run on the board that the page
 * describes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { boot } from "reattach/node";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";

const PAGE = readFileSync(join(import.meta.dirname, "../../../../docs/hardware.md"), "utf8");

/** The blocks of a language in which these words stand. */
function blockWith(language: string, words: string): string {
  const blocks = [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  const found = blocks.filter(([, name, text]) => name === language && text!.includes(words));
  if (found.length !== 1) throw new Error(`found ${found.length} blocks with "${words}"`);
  return found[0]![2]!;
}

test("docs/hardware.md: its drivers run on its board", async (t) => {
  const platforms = JSON.parse(blockWith("json", "hardware")) as object;
  const clearBus = blockWith("ts", "function clearBus");
  const folder = folderOf(t, {
    "lamp.ts": blockWith("ts", 'name_attach(null, "lamp", 0)'),
    "button.ts": blockWith("ts", "PRESSED"),
    "clear.ts": `${clearBus}\nexport function main(): void {\n  clearBus(21, 22);\n}\n`,
    "board.ts": blockWith("ts", "BoardModule"),
    "manifest.json": {
      ...platforms,
      modules: { "*": ["./lamp", "./button", "./clear"] },
      config: {
        reattach: {
          tasks: {
            lamp: { module: "lamp" },
            button: { module: "button" },
            clear: { module: "clear" },
          },
        },
      },
    },
  });
  const system = await boot(folder);
  t.teardown(() => system.stop());
  const deaths: string[] = [];
  system.on("death", ({ name, text }) => deaths.push(`${name}: ${text}`));
  system.on("log", () => undefined);
  const ended = new Promise((resolve) => system.on("end", resolve));
  await system.start();
  t.equal(await ended, "clear", "the bus is cleared");
  const { hardware } = system;
  const patience = new Patience(10_000);
  const opener = async (pin: number): Promise<string> => {
    for (;;) {
      const [task = ""] = (await hardware.pin(pin)).tasks;
      if (task !== "" || patience.isOver) return task;
    }
  };
  t.equal(await opener(25), "lamp");
  t.equal(await opener(4), "button");
  await hardware.drive(4, 0);
  while ((await hardware.pin(25)).level === 0 && !patience.isOver) {
    await new Promise((next) => setImmediate(next));
  }
  t.equal((await hardware.pin(25)).level, 1, "the button's pulse switches the lamp on");
  await hardware.control("heat", 30);
  t.deepEqual(deaths, []);
});

/**
 * Applications linked for chips: that they link, what they cost, and that a mistake in the manifest
 * ends the build with a sentence.
 */
import { join } from "node:path";
import test from "tape";
import { folderOf } from "../node/temp-folder.js";
import { costOf, difference, shown } from "./cost.js";
import { link, root, warningsIn } from "./tools.js";

const CHIPS = ["esp32", "esp32/esp32c3", "esp32/esp32s3"];
const EXAMPLES = [
  "weather-station",
  "thermometer",
  "starter",
  "raw",
  "display-loop",
  "board-check",
  "greenhouse",
  "manager/simple-restart",
  "manager/heartbeat",
  "manager/multistage",
];
const BASE = "$(MODDABLE)/examples/manifest_base.json";

for (const chip of CHIPS) {
  test(`link: ${chip}: the examples, without a warning of the linker`, async (t) => {
    const none = folderOf(t, {
      "app/manifest.json": { include: [BASE], modules: { "*": "./main" } },
      "app/main.js": "trace(1);\n",
    });
    const bare = costOf((await link(join(none, "app"), chip)).source);
    t.ok(bare.slots > 0 && bare.aliases > 0, `without Reattach: ${shown(bare)}`);
    for (const name of EXAMPLES) {
      const { source, text } = await link(join(root, "examples", name), chip);
      if (source === "") t.fail(`${name}: ${text}`);
      t.deepEqual(warningsIn(text), [], `${name}: no warnings`);
      const cost = costOf(source);
      const more = difference(cost, bare);
      t.ok(more.slots > 0 && more.code > 0, `${name}: ${shown(cost)}`);
      t.comment(`${name}, more than without: ${shown(more)}`);
    }
  });
}

test("link: a wrong limit ends the build with a sentence", async (t) => {
  const folder = folderOf(t, {
    "app/manifest.json": {
      include: [BASE, join(root, "manifest.json")],
      modules: { "*": "./main" },
      config: { reattach: { limits: { tasks: 0 }, tasks: { main: { module: "main" } } } },
    },
    "app/main.js": "export function main() {}\n",
  });
  const { code, source, text } = await link(join(folder, "app"), "esp32");
  t.notEqual(code, 0, "mcconfig fails");
  t.equal(source, "", "nothing is linked");
  t.match(text, /config\.reattach\.limits\.tasks: found 0, allowed is a whole number from 1 to/);
});

test("link: messages of a service longer than messageBytes end the build", async (t) => {
  const folder = folderOf(t, {
    "app/manifest.json": {
      include: [BASE, join(root, "service/manifest.json")],
      modules: { "*": ["./main", "./labels"] },
      preload: ["labels"],
      config: { reattach: { limits: { messageBytes: 64 }, tasks: { panel: { module: "main" } } } },
    },
    "app/labels.js": `import { call, defineService, u32, text } from "reattach/service";
export const Labels = defineService("labels", { get: call({ id: u32 }, { text: text(65) }) });
`,
    "app/main.js": 'import "labels";\nexport function main() {}\n',
  });
  const { code, source, text } = await link(join(folder, "app"), "esp32");
  t.notEqual(code, 0, "mcconfig fails");
  t.equal(source, "", "nothing is linked");
  t.match(text, /labels\.get: its reply has 68 bytes, .*\.limits\.messageBytes allows 64/);
});

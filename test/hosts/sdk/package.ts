/**
 * The package as npm delivers it, in an application whose manifest does not name it: mcpack finds
 * what to build through package.json.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { folderOf } from "../node/temp-folder.js";
import { costOf, shown } from "./cost.js";
import { link, root, warningsIn } from "./tools.js";

/** Packs the package and unpacks it where npm would. Its dependencies are for Node.js only. */
function install(app: string): void {
  const args = ["pack", "--ignore-scripts", "--pack-destination", app];
  execFileSync("npm", args, { cwd: root, stdio: "ignore" });
  const archive = readdirSync(app).find((name) => name.endsWith(".tgz"))!;
  const target = join(app, "node_modules/reattach");
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-x", "-f", join(app, archive), "-C", target, "--strip-components=1"]);
}

test("mcpack: links an application that imports reattach and reattach/moddable", async (t) => {
  const folder = folderOf(t, {
    "app/package.json": { name: "app", version: "1.0.0", type: "module", main: "main.js" },
    "app/main.js": `import { getpid } from "reattach";
import { boot } from "reattach/moddable";
boot().start();
trace(getpid());
`,
    "app/echo.js": `import { ChannelCreate, MsgReceive } from "reattach";
export function main() {
  MsgReceive(ChannelCreate(0), new Uint8Array(8), 8, null);
}
`,
    // What is declared and not imported has to be named.
    "app/manifest.json": {
      modules: { echo: "./echo" },
      config: { reattach: { tasks: { echo: { module: "echo" } } } },
    },
  });
  const app = join(folder, "app");
  install(app);
  const { source, text } = await link(app, "esp32", "mcpack mcconfig");
  if (source === "") t.fail(text);
  t.match(source, /"reattach\/moddable\/worker"/, "Reattach is in it");
  t.comment(`Reattach and a task: ${shown(costOf(source))}`);
  t.deepEqual(warningsIn(text), [], "no warnings");
});

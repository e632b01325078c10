/**
 * Mods: a task whose program is in an archive of mcrun is replaced while the board runs, on the
 * SDK's own engine.
 */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type Test } from "tape";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { runHeadless } from "./headless.js";
import { buildForLin, buildMod, link, type Outcome, root, warningsIn } from "./tools.js";

const RUN_MS_MAX = 120_000;
/** Of each version, so many answers. */
const ANSWERS = 200;

/** The program of the task "greeter", in a mod: it answers with its version. */
function greeter(version: number): string {
  // Names that the application does not have: XS numbers them when it maps the archive.
  return `import { MsgReceive, MsgReply, name_attach } from "reattach";
class Greeter${version} {
  greet${version}(message) {
    message[0] = this.version${version};
  }
  get version${version}() {
    return ${version};
  }
}
export function main() {
  const greeter = new Greeter${version}();
  const message = new Uint8Array(16);
  const chid = name_attach(null, "greeter", 0);
  for (;;) {
    const rcvid = MsgReceive(chid, message, 16, null);
    greeter.greet${version}(message);
    MsgReply(rcvid, 0, message, 1);
  }
}
`;
}

const CLIENT = `import { delay, ha_open, MsgSend, restartRecovery } from "reattach";
export function main() {
  const message = new Uint8Array(16);
  const coid = ha_open("greeter", 0, restartRecovery("greeter"), null, 0);
  let version = 0, answers = 0, failed = 0;
  for (;;) {
    const status = MsgSend(coid, message, 1, message, 1);
    if (status !== 0) failed++;
    if (message[0] !== version) {
      version = message[0];
      answers = 0;
    }
    if (++answers === ${ANSWERS}) trace(\`client: version \${version}, failed \${failed}\\n\`);
    delay(1);
  }
}
`;

/** Replaces the mod by each of these files in turn, when the one before has answered enough. */
const MAIN = `import { boot } from "reattach/moddable";
import { ModStore } from "reattach/mod";
import { File } from "file";
import config from "mc/config";
import Timer from "timer";

const system = boot();
const mods = new ModStore(system);
const say = (text) => trace(\`main: \${text}\\n\`);
system.on("death", ({ name, cause, text }) => say(\`\${name} died: \${cause} \${text}\`));
system.on("start", (name) => say(\`\${name} started\`));

function rowOf(name) {
  return system.ps().find((row) => row.name === name);
}

function given(path) {
  return async (write) => {
    const { pid, standby } = rowOf("greeter");
    say(\`greeter has pid \${pid}, standby \${standby}\`);
    const file = new File(path);
    for (let left = file.length; left > 0; left -= 100) {
      write(new Uint8Array(file.read(ArrayBuffer, Math.min(100, left))));
      // The board goes on between two pieces.
      await new Promise((resolve) => Timer.set(resolve, 1));
    }
    file.close();
  };
}

async function replace(path) {
  const { pid, counters } = rowOf("client");
  const outcome = await mods.replace(given(path)).catch((error) => error.message);
  const after = rowOf("client");
  say(\`\${outcome}; modules \${mods.modules().join(", ")}; client \${pid === after.pid}\`);
}

function until(isSo) {
  return new Promise((resolve) => {
    const timer = Timer.repeat(() => {
      if (!isSo()) return;
      Timer.clear(timer);
      resolve();
    }, 10);
  });
}

async function go() {
  say(\`modules \${mods.modules().join(", ")}\`);
  await system.start();
  for (const path of config.mods) {
    await until(() => rowOf("greeter").standby === "ready");
    const { received } = rowOf("greeter").counters;
    await until(() => rowOf("greeter").counters.received > received + 2 * ${ANSWERS});
    await replace(path);
  }
  await until(() => rowOf("greeter").counters.received > 2 * ${ANSWERS});
  say("over");
}
go().catch((error) => say(\`failed: \${error}\`));
`;

/** A host, and two mods for it. */
async function buildHost(t: Test, mods: (folder: string) => readonly string[]) {
  const folder = folderOf(t, {
    "mods-host/main.js": MAIN,
    "mods-host/client.js": CLIENT,
    "mod-1/greeter.js": greeter(1),
    "mod-1/manifest.json": { modules: { "*": "./greeter" } },
    "mod-2/greeter.js": greeter(2),
    "mod-2/manifest.json": { modules: { "*": "./greeter" } },
  });
  for (const name of ["mod-1", "mod-2"]) {
    copyFileSync(await buildMod(join(folder, name)), join(folder, `${name}.xsa`));
  }
  const app = join(folder, "mods-host");
  writeFiles(app, {
    "manifest.json": {
      include: [
        "$(MODDABLE)/examples/manifest_base.json",
        "$(MODDABLE)/modules/files/file/manifest.json",
        join(root, "mod/manifest.json"),
      ],
      modules: { "*": ["./main", "./client"] },
      preload: ["client"],
      // The linker does not see what a mod uses of the language.
      strip: [],
      config: {
        mods: mods(folder),
        // Where this computer keeps what a board has in NVS.
        file: { root: `${folder}/` },
        reattach: {
          tasks: {
            greeter: { module: "greeter", services: ["greeter"], standby: true },
            client: { module: "client" },
          },
        },
      },
    },
  });
  const { library, code, text } = await buildForLin(app);
  t.equal(code, 0, "mcconfig builds it");
  if (code !== 0) t.comment(text);
  t.deepEqual(warningsIn(text), [], "the linker warns of nothing");
  return { app, library, mod: join(folder, "mod-1.xsa") };
}

async function play(t: Test, mods: (folder: string) => readonly string[]): Promise<Outcome> {
  const { app, library, mod } = await buildHost(t, mods);
  const limits = { cwd: app, ms: RUN_MS_MAX, until: /main: (over|failed)/ };
  return runHeadless(library, limits, mod);
}

function linesOf(who: string, text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith(`${who}: `) ? [line.slice(who.length + 2)] : []));
}

const WITHOUT = "greeter has pid 0, standby none";
const DONE = "done; modules greeter, check; client true";

test("lin: a task whose program is in a mod is replaced, and its client never fails", async (t) => {
  const { text } = await play(t, (folder) =>
    ["mod-2", "mod-1", "mod-2"].map((name) => join(folder, `${name}.xsa`)),
  );
  t.comment(text);
  const said = linesOf("main", text);
  t.equal(said[0], "modules greeter, check", "what mcrun has put into the archive");
  t.deepEqual(
    said.filter((line) => line.includes("pid")),
    [WITHOUT, WITHOUT, WITHOUT],
    "no VM has anything of the mod when it is written",
  );
  t.deepEqual(
    said.filter((line) => line.includes("client")),
    ["client started", DONE, DONE, DONE],
    "the client is the same one",
  );
  t.deepEqual(
    said.filter((line) => line.includes("died")),
    [],
    "nobody dies",
  );
  t.deepEqual(
    linesOf("client", text),
    [1, 2, 1, 2].map((version) => `version ${version}, failed 0`),
    "from one version to the next with status 0 throughout",
  );
});

test("mods: an application that replaces them links for a chip without a warning", async (t) => {
  const folder = folderOf(t, {
    "mods-chip/main.js": `import { boot } from "reattach/moddable";
import { ModStore } from "reattach/mod";
trace(new ModStore(boot()).modules().length);
`,
    "mods-chip/manifest.json": {
      include: ["$(MODDABLE)/examples/manifest_base.json", join(root, "mod/manifest.json")],
      modules: { "*": "./main" },
      config: { reattach: { tasks: { greeter: { module: "greeter" } } } },
    },
  });
  const { source, text } = await link(join(folder, "mods-chip"), "esp32");
  t.match(source, /xs_reattach_mod_erase/, "it links");
  t.notOk(source.includes("xs_reattach_mod_learnNames"), "without what simulators have");
  if (source === "") t.comment(text);
  t.deepEqual(warningsIn(text), [], "no warnings");
});

test("lin: what is no mod is refused, and the one that is there runs on", async (t) => {
  const { text } = await play(t, (folder) => {
    const mod = readFileSync(join(folder, "mod-2.xsa"));
    const other = Buffer.from(mod);
    // Its version of XS.
    other.writeUInt8(other.readUInt8(16) - 1, 16);
    const bad = { "text.xsa": Buffer.from("no archive of any tool"), "other.xsa": other };
    return Object.entries(bad).map(([name, bytes]) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    });
  });
  t.comment(text);
  const said = linesOf("main", text).filter((line) => line.startsWith("mod: "));
  t.equal(said.length, 2, "both are refused");
  t.match(said[0] ?? "", /^mod: it is no archive of mcrun; modules greeter, check; client true$/);
  t.match(said[1] ?? "", /^mod: found one for XS [\d.]+, this board has [\d.]+; modules greeter/);
  t.deepEqual(linesOf("client", text), ["version 1, failed 0"], "version 1 serves");
  t.match(text, /main: over/);
});

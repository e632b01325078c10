/**
 * The tracing build with Moddable's tools: it links for a chip, and what a board prints of its
 * rings is read back.
 */
import { join } from "node:path";
import test from "tape";
import { Decoder } from "../../../hosts/node/trace/decode.js";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { problemsIn, type TraceEvent } from "../node/trace/format.js";
import { runHeadless } from "./headless.js";
import { buildForLin, link, root, warningsIn } from "./tools.js";

const RUN_MS_MAX = 60_000;

const APP = {
  "app/manifest.json": {
    include: ["$(MODDABLE)/examples/manifest_base.json", join(root, "trace/manifest.json")],
    modules: { "*": "./main", echo: "./echo" },
    preload: ["echo"],
    config: {
      reattach: {
        limits: { messageTrace: 64 },
        tasks: {
          server: { module: "echo", args: { isServer: true } },
          client: { module: "echo", args: { isServer: false } },
        },
      },
    },
  },
  "app/echo.js": `import { delay, name_attach, name_open } from "reattach";
import { MsgReceive, MsgReply, MsgSend } from "reattach";
export function main({ isServer }) {
  const message = new Uint8Array(32);
  if (isServer) {
    const chid = name_attach(null, "echo", 0);
    for (;;) MsgReply(MsgReceive(chid, message, 32, null), 0, message, 8);
  }
  let coid = -1;
  for (; coid < 0; delay(5)) coid = name_open("echo", 0);
  for (;;) {
    MsgSend(coid, message, 8, message, 8);
    delay(20);
  }
}
`,
  "app/main.js": `import { boot } from "reattach/moddable";
import { printTrace } from "reattach/trace";
import Timer from "timer";
const system = boot();
system.start();
Timer.set(() => {
  printTrace();
  trace("printed\\n");
}, 1500);
`,
};

function withFiles(files: string): object {
  const manifest = APP["app/manifest.json"];
  return { ...manifest, config: { ...manifest.config, file: { root: files } } };
}

test("tracing: it links for a chip without a warning of the linker", async (t) => {
  const { source, text } = await link(join(folderOf(t, APP), "app"), "esp32");
  t.notEqual(source, "", "it links");
  if (source === "") t.comment(text);
  t.deepEqual(warningsIn(text), [], "no warnings");
});

test("tracing: what a board prints of its rings is a trace by the rules", async (t) => {
  const parent = folderOf(t, APP);
  const folder = join(parent, "app");
  // Where this computer keeps what a board has in NVS.
  writeFiles(parent, { "app/manifest.json": withFiles(`${parent}/`) });
  const { library, code, text } = await buildForLin(folder);
  t.equal(code, 0, "mcconfig builds it");
  if (code !== 0) return t.comment(text);
  const { text: log } = await runHeadless(library, {
    cwd: folder,
    ms: RUN_MS_MAX,
    until: /printed/,
  });
  const decoder = new Decoder();
  for (const line of log.split("\n")) decoder.read(line);
  const events: TraceEvent[] = [];
  const found = decoder.tell((event) => void events.push(JSON.parse(event) as TraceEvent));
  t.equal(found.damaged, 0, "every line is whole");
  t.ok(found.records > 60, `${found.records} records`);
  if (found.records === 0) t.comment(log);
  t.deepEqual(problemsIn(events).slice(0, 5), []);
  const count = (name: string): number => events.filter((event) => event.name === name).length;
  t.ok(count("message") >= 2 && count("reply") >= 2, "messages, and their answers");
  t.ok(count("REPLY") > 0 && count("RECEIVE") > 0 && count("NANOSLEEP") > 0, "states");
  const names = events.flatMap(({ name, args }) =>
    name === "process_name" ? [args?.["name"]] : [],
  );
  t.deepEqual(names, ["board", "main", "server", "client"]);
});

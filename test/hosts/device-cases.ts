/**
 * Applications that no board can run, or not as they read: what `reattach check` has to say, and
 * what mcconfig says. Written into folders by the tests of both.
 */
import { join } from "node:path";
import type { Files } from "./node/temp-folder.js";

const BASE = "$(MODDABLE)/examples/manifest_base.json";
const REATTACH = join(import.meta.dirname, "../../manifest.json");

/** An application, and the verdicts on it. */
export interface DeviceCase {
  readonly title: string;
  readonly files: Files;
  /** Of all that check says: where, and what. None for one that is good. */
  readonly problems: readonly RegExp[];
  /** What mcconfig does; why it builds one that no board can run. */
  readonly mcconfig: "builds" | "refuses" | { readonly builds: string };
}

const MAIN = `import { boot } from "reattach/moddable";
export default function main() {
  boot().start();
}
`;
const TASK = "export function main() {}\n";
const TYPED_TASK = "export function main(): void {}\n";

interface Application {
  /** Keys of the manifest that are other than those of a good one. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** The task's keys beside `module`. */
  readonly task?: object;
  readonly limits?: object;
  /** Files beside the good ones; undefined for one that is not there. */
  readonly files?: Files;
}

/** The files of an application with a task `sensor`. */
function application({ manifest, task, limits, files }: Application = {}): Files {
  const whole = {
    include: [BASE, REATTACH],
    modules: { "*": ["./main", "./sensor"] },
    config: { reattach: { limits, tasks: { sensor: { module: "sensor", ...task } } } },
    ...manifest,
  };
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  const all = { "manifest.json": text, "main.js": MAIN, "sensor.js": TASK, ...files };
  return Object.fromEntries(Object.entries(all).filter(([, content]) => content !== undefined));
}

/** The text of a good manifest, changed. */
function edited(from: string | RegExp, to: string): Files {
  const text = (application()["manifest.json"] as string).replace(from, to);
  return application({ files: { "manifest.json": text } });
}

const AT_RUN_TIME = "a module that is not preloaded is linked with the first import, on the board";

export const DEVICE_CASES: readonly DeviceCase[] = [
  { title: "a good one", files: application(), problems: [], mcconfig: "builds" },
  {
    title: "a good one in TypeScript, with imports as a board finds them",
    files: application({
      manifest: { modules: { "*": ["./main", "./sensor"], "lib/*": "./lib/*" } },
      files: {
        "sensor.js": undefined,
        "sensor.ts": `import { delay } from "reattach";
import type { Degrees } from "./types.js";
import { read } from "./lib/probe.js";
export function main(): void {
  const degrees: Degrees = read();
  trace(String(degrees), delay(1), "\\n");
}
`,
        "main.js": undefined,
        "main.ts": `import { boot } from "reattach/moddable";
import Timer from "timer";
export default function main(): void {
  Timer.set(() => void boot().start(), 100);
}
`,
        "types.ts": "export type Degrees = number;\n",
        "lib/probe.ts": 'import { one } from "./one.js";\nexport const read = () => one;\n',
        "lib/one.ts": "export const one = 1;\n",
      },
    }),
    problems: [],
    mcconfig: "builds",
  },
  {
    title: "an import that the manifest does not list, of a module that is preloaded",
    files: application({
      manifest: { preload: ["sensor"] },
      files: { "sensor.js": `import x from "nowhere";\n${TASK}trace(x);\n` },
    }),
    problems: [/sensor\.js:1:\d+: found "nowhere", no module of the manifest$/],
    mcconfig: "refuses",
  },
  {
    title: "the same of one that is not preloaded",
    files: application({
      files: { "sensor.js": `import x from "nowhere";\n${TASK}trace(x);\n` },
    }),
    problems: [/sensor\.js:1:\d+: found "nowhere", no module of the manifest$/],
    mcconfig: { builds: AT_RUN_TIME },
  },
  {
    title: "a file that is there, and that the manifest does not list",
    files: application({
      manifest: { preload: ["sensor"] },
      files: {
        "sensor.js": `import { x } from "./helper";\n${TASK}trace(x);\n`,
        "helper.js": "export const x = 1;\n",
      },
    }),
    problems: [/sensor\.js:1:\d+: found "\.\/helper", .*: add "helper": "\.\/helper" to its "mod/],
    mcconfig: "refuses",
  },
  {
    title: "the same in TypeScript, which finds the file",
    files: application({
      files: {
        "sensor.js": undefined,
        "sensor.ts": `import { x } from "./helper.js";\n${TYPED_TASK}trace(x);\n`,
        "helper.ts": 'export const x = "1";\n',
      },
    }),
    problems: [/sensor\.ts:1:\d+: found "\.\/helper\.js", .*: add "helper": "\.\/helper" to its/],
    mcconfig: { builds: AT_RUN_TIME },
  },
  {
    title: "a file that is a module of another name",
    files: application({
      manifest: {
        modules: { "*": ["./main", "./sensor"], "tools/*": "./helper" },
        preload: ["sensor"],
      },
      files: {
        "sensor.js": `import { x } from "./helper";\n${TASK}trace(x);\n`,
        "helper.js": "export const x = 1;\n",
      },
    }),
    problems: [/sensor\.js:1:\d+: found "\.\/helper", a file that is the module "tools\/helper"/],
    mcconfig: "refuses",
  },
  {
    title: "a slip in an import",
    files: application({
      manifest: { modules: { "*": ["./main", "./sensor", "./display"] }, preload: ["sensor"] },
      files: {
        "sensor.js": `import { x } from "dispaly";\n${TASK}trace(x);\n`,
        "display.js": "export const x = 1;\n",
      },
    }),
    problems: [/sensor\.js:1:\d+: found "dispaly", .* \(did you mean "display"\?\)$/],
    mcconfig: "refuses",
  },
  {
    title: "a name that a module does not export",
    files: application({
      manifest: { preload: ["sensor"] },
      files: { "sensor.js": `import { MsgSned } from "reattach";\n${TASK}MsgSned();\n` },
    }),
    problems: [/sensor\.js:1:\d+: found the import "MsgSned", which "reattach" does not export$/],
    mcconfig: "refuses",
  },
  {
    title: "node: in a task",
    files: application({
      files: {
        "sensor.js": undefined,
        "sensor.ts": `import { readFileSync } from "node:fs";\n${TYPED_TASK}readFileSync("a");\n`,
      },
    }),
    problems: [/sensor\.ts:1:\d+: found "node:fs", a module of Node\.js: a board has only modules/],
    mcconfig: "refuses",
  },
  {
    title: "fs without node:, in JavaScript that is preloaded",
    files: application({
      manifest: { preload: ["sensor"] },
      files: { "sensor.js": `import { readFileSync } from "fs";\n${TASK}readFileSync("a");\n` },
    }),
    problems: [/sensor\.js:1:\d+: found "fs", a module of Node\.js/],
    mcconfig: "refuses",
  },
  {
    title: "an npm package in a task",
    files: application({
      manifest: { preload: ["sensor"] },
      files: {
        "sensor.js": `import left from "left";\n${TASK}left();\n`,
        "node_modules/left/package.json": { name: "left", main: "./left.js" },
        "node_modules/left/left.js": "module.exports = () => {};\n",
      },
    }),
    problems: [/sensor\.js:1:\d+: found "left", an npm package: a board has it only as a module/],
    mcconfig: "refuses",
  },
  {
    title: "reattach without its manifest",
    files: application({
      manifest: {
        include: [BASE],
        modules: { "*": "./sensor", main: "./bare" },
        preload: ["main"],
      },
      files: {
        "main.js": undefined,
        "bare.js": 'import { getpid } from "reattach";\ntrace(getpid());\n',
      },
    }),
    problems: [/bare\.js:1:\d+: found "reattach", .*: include "\.\/node_modules\/reattach\/manif/],
    mcconfig: "refuses",
  },
  {
    title: "a missing include",
    files: application({ manifest: { include: [BASE, REATTACH, "./gone.json"] } }),
    problems: [
      /manifest\.json:\d+:5: include: found "\.\/gone\.json", but there is no file .*gone/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a folder of modules that is not there",
    files: application({ manifest: { modules: { "*": ["./main", "./sensor", "./none/x"] } } }),
    problems: [
      /manifest\.json:\d+:7: modules\["\*"\]: found "\.\/none\/x", but there is no folder/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a module that is not there",
    files: application({ manifest: { modules: { "*": ["./main", "./sensor", "./sensro"] } } }),
    problems: [
      /manifest\.json:\d+:7: modules\["\*"\]: found "\.\/sensro", but no file in .* match/,
    ],
    mcconfig: { builds: "it warns, when it is asked to be verbose" },
  },
  {
    title: "a task's module that is not there",
    files: edited('"module": "sensor"', '"module": "sensro"'),
    problems: [
      /manifest\.json:\d+:11: config\.reattach\.tasks\.sensor\.module: found "sensro", all/,
    ],
    mcconfig: { builds: "the linker knows no list of modules" },
  },
  {
    title: "a module in preload that is not there",
    files: application({ manifest: { preload: ["main", "sensro"] } }),
    problems: [/manifest\.json:\d+:5: preload: found "sensro", no module .*mean "sensor"\?\)$/],
    mcconfig: { builds: "it passes over the name, and the module is not in flash" },
  },
  {
    title: "a star in preload that is to find TypeScript",
    files: application({
      manifest: { preload: "sen*" },
      files: { "sensor.js": undefined, "sensor.ts": TYPED_TASK },
    }),
    problems: [
      /manifest\.json:\d+:3: preload: found "sen\*", allowed is a star for JavaScript only/,
    ],
    mcconfig: { builds: "it looks at JavaScript only" },
  },
  {
    title: "no memory for the main VM",
    files: application({ manifest: { include: [REATTACH] } }),
    problems: [/manifest\.json:\d+:3: include: found no "creation", include "\$\(MODDABLE\)/],
    mcconfig: "refuses",
  },
  {
    title: "too little memory for the main VM",
    files: application({ manifest: { creation: { stack: 256 } } }),
    problems: [/manifest\.json:\d+:5: creation\["stack"\]: found 256, allowed is 420 or more/],
    mcconfig: { builds: "the stack overflows on the board" },
  },
  {
    title: "a block that does not hold its pools",
    files: application({ task: { creation: { static: 1_000 } } }),
    problems: [
      /manifest\.json:\d+:13: config\.reattach\.tasks\.sensor\.creation\.static: found 1000/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a stack under what Reattach needs",
    files: application({ task: { creation: { stack: 64 } } }),
    problems: [
      /manifest\.json:\d+:13: config\.reattach\.tasks\.sensor\.creation\.stack: found 64, a/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "shared buffers of 0 bytes",
    files: application({ limits: { sharedBuffers: 2 } }),
    problems: [
      /manifest\.json:\d+:\d+: config\.reattach\.limits\.sharedBytes: found 0, allowed is 1/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a limit with a typo",
    files: application({ limits: { mesageBytes: 64 } }),
    problems: [
      /manifest\.json:\d+:9: config\.reattach\.limits\.mesageBytes: .* "messageBytes"\?\)$/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "console, which a board has not",
    files: application({
      files: {
        "sensor.js": undefined,
        "sensor.ts": 'export function main(): void {\n  console.log("hot");\n}\n',
      },
    }),
    problems: [/sensor\.ts:2:3: TS2584: there is no console on a board, allowed is trace\(\)$/],
    mcconfig: "refuses",
  },
  {
    title: "a wrong type, and a parameter without one",
    files: application({
      files: {
        "sensor.js": undefined,
        "sensor.ts": `export function main(args): void {
  const n: number = "x";
  trace(String(n), args);
}
`,
      },
    }),
    problems: [
      /sensor\.ts:1:22: TS7006: Parameter 'args'/,
      /sensor\.ts:2:9: TS2322: Type 'string'/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "an import that ends with .ts",
    files: application({
      manifest: { modules: { "*": ["./main", "./sensor", "./helper"] } },
      files: {
        "sensor.js": undefined,
        "sensor.ts": `import { x } from "./helper.ts";\n${TYPED_TASK}trace(x);\n`,
        "helper.ts": 'export const x = "1";\n',
      },
    }),
    problems: [/sensor\.ts:1:\d+: found "\.\/helper\.ts", a file that is the module "helper"/],
    mcconfig: "refuses",
  },
  {
    title: "a module whose name ends with .ts",
    files: application({
      manifest: { modules: { "*": "./main", "sensor.ts": "./sensor" } },
      task: { module: "sensor.ts" },
      files: { "sensor.js": undefined, "sensor.ts": TYPED_TASK },
    }),
    problems: [
      /manifest\.json:\d+:5: modules\["sensor\.ts"\]: found the name "sensor\.ts", allowed/,
    ],
    mcconfig: { builds: "a task may have it; an import of TypeScript cannot" },
  },
  {
    title: "JavaScript that is none",
    files: application({ files: { "sensor.js": "export function main( {\n}\n" } }),
    problems: [/sensor\.js:3:1: Expected "\)" but found end of file/],
    mcconfig: "refuses",
  },
  {
    title: "a key that is there twice",
    files: edited('"sensor": {', '"sensor": { "module": "main" },\n        "sensor": {'),
    problems: [/manifest\.json:\d+:9: found the key "sensor" again; only the last one counts$/],
    mcconfig: { builds: "the last one counts" },
  },
  {
    title: "a byte order mark",
    files: edited(/^/, "\uFEFF"),
    problems: [
      /manifest\.json:1:1: found a byte order mark \(BOM\), allowed is UTF-8 without one$/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a platform that the manifest refuses",
    files: application({
      manifest: { platforms: { lin: {}, node: {}, "...": { error: "lin only" } } },
    }),
    problems: [/manifest\.json:\d+:7: platforms\["\.\.\."\]\.error: "lin only"; for esp32, add an/],
    mcconfig: "refuses",
  },
];

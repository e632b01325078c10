/**
 * Modules, imports and includes that a board does not find.
 */
import {
  application,
  AT_RUN_TIME,
  BASE,
  MAIN,
  edited,
  REATTACH,
  TASK,
  TYPED_TASK,
  type DeviceCase,
} from "./application.js";

export const MODULE_CASES: readonly DeviceCase[] = [
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
    title: "an await at the top level of a module that is preloaded",
    files: application({
      manifest: { preload: "sensor" },
      files: { "sensor.js": `export const one = await Promise.resolve(1);\n${TASK}` },
    }),
    problems: [/sensor\.js:1:20: found await at the top level of a module that is preloaded/],
    mcconfig: "refuses",
  },
  {
    title: "the same in a module that it imports",
    files: application({
      manifest: { modules: { "*": ["./main", "./sensor", "./probe"] }, preload: "sen*" },
      files: {
        "sensor.js": `import { one } from "probe";\n${TASK}trace(one);\n`,
        "probe.ts": "for await (const n of [1]) trace(String(n));\nexport const one = 1;\n",
      },
    }),
    problems: [/probe\.ts:1:\d+: found await at the top level of a module that is preloaded/],
    mcconfig: "refuses",
  },
  {
    title: "the same where nothing is preloaded, or only imported later",
    files: application({
      manifest: { modules: { "*": ["./main", "./sensor", "./probe"] }, preload: "probe" },
      files: {
        "probe.js": 'export const later = () => import("sensor");\n',
        "sensor.js": `export const one = await Promise.resolve(1);\n${TASK}`,
      },
    }),
    problems: [],
    mcconfig: "builds",
  },
  {
    title: "no module for a board to start: a note",
    files: application({ manifest: { modules: { "*": "./sensor" } } }),
    problems: [],
    mcconfig: "builds",
  },
  {
    title: "a main module of another name",
    files: application({
      manifest: { modules: { "*": ["./sensor", "./start"] }, creation: { main: "start" } },
      files: { "main.js": undefined, "start.js": MAIN },
    }),
    problems: [],
    mcconfig: "builds",
  },
];

/**
 * What stands in the manifest, and in its modules: memory, limits, types, syntax, platforms.
 */
import {
  application,
  AT_RUN_TIME,
  BASE,
  edited,
  NET,
  REATTACH,
  serving,
  TASK,
  TOO_LONG,
  TYPED_TASK,
  type DeviceCase,
} from "./application.js";
import type { Files } from "../node/temp-folder.js";

/** One that is a board among others. */
function connected(include: readonly string[], net: object = {}): Files {
  const whole = { board: "attic", broker: "mqtt://house:1883", exports: ["thermo"], ...net };
  const tasks = { sensor: { module: "sensor" } };
  return application({ manifest: { include, config: { reattach: { tasks, net: whole } } } });
}

/** One that has its pins from the entry of a board. */
function boards(): Files {
  return application({
    manifest: {
      preload: ["sensor"],
      platforms: {
        node: { modules: { "*": "./pins" } },
        "esp32/moddable_two": { include: "./gone.json", modules: { "*": "./pins" } },
        "esp32/*": { modules: { "*": "./pins" } },
      },
    },
    files: {
      "sensor.js": `import { led } from "pins";\n${TASK}trace(led);\n`,
      "pins.js": "export const led = 2;\n",
    },
  });
}

export const CONTENT_CASES: readonly DeviceCase[] = [
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
    title: "a net, with a gateway",
    files: connected([BASE, NET]),
    problems: [],
    mcconfig: "builds",
  },
  {
    title: "a net without a gateway",
    files: connected([BASE, REATTACH]),
    problems: [
      /manifest\.json:\d+:\d+: config\.reattach\.net: found .*, allowed only .*net\/manifest/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a net that is wrong",
    files: connected([BASE, NET], { broker: "mqtt://attic:secret@house:1883" }),
    problems: [
      /manifest\.json:\d+:\d+: config\.reattach\.net\.broker: found "mqtt:.*", allowed is "mqtt:/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "a service with messages longer than messageBytes, preloaded",
    files: serving({ preload: ["labels"] }),
    problems: [TOO_LONG],
    mcconfig: "refuses",
  },
  {
    title: "the same, not preloaded",
    files: serving(),
    problems: [TOO_LONG],
    mcconfig: { builds: AT_RUN_TIME },
  },
  {
    title: "the same with a limit that has room",
    files: serving({
      preload: ["labels"],
      config: {
        reattach: { limits: { messageBytes: 204 }, tasks: { sensor: { module: "sensor" } } },
      },
    }),
    problems: [],
    mcconfig: "builds",
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
  {
    title: "what stands for one board only, looked at for that board",
    files: boards(),
    platform: "esp32/moddable_two",
    problems: [
      /manifest\.json:\d+:7: platforms\["esp32\/moddable_two"\]\.include: found "\.\/gone\.json"/,
    ],
    mcconfig: "refuses",
  },
  {
    title: "the same, looked at for another board, which has what all have",
    files: boards(),
    platform: "esp32/esp32s3",
    problems: [],
    mcconfig: "builds",
  },
  {
    title: "the same, looked at for none",
    files: boards(),
    problems: [/sensor\.js:1:\d+: found "pins", no module of the manifest$/],
    mcconfig: "refuses",
  },
];

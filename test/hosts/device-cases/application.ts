/**
 * What an application of device-cases is made of: a good one, and what differs from it.
 */
import { join } from "node:path";
import type { Files } from "../node/temp-folder.js";

export const BASE = "$(MODDABLE)/examples/manifest_base.json";
export const REATTACH = join(import.meta.dirname, "../../../manifest.json");
export const NET = join(import.meta.dirname, "../../../net/manifest.json");
const SERVICE = join(import.meta.dirname, "../../../service/manifest.json");

/** An application, and the verdicts on it. */
export interface DeviceCase {
  readonly title: string;
  readonly files: Files;
  /** esp32, unless another is named. */
  readonly platform?: string;
  /** Of all that check says: where, and what. None for one that is good. */
  readonly problems: readonly RegExp[];
  /** What mcconfig does; why it builds one that no board can run. */
  readonly mcconfig: "builds" | "refuses" | { readonly builds: string };
}

export const MAIN = `import { boot } from "reattach/moddable";
export default function main() {
  boot().start();
}
`;
export const TASK = "export function main() {}\n";
export const TYPED_TASK = "export function main(): void {}\n";

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
export function application({ manifest, task, limits, files }: Application = {}): Files {
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
export function edited(from: string | RegExp, to: string): Files {
  const text = (application()["manifest.json"] as string).replace(from, to);
  return application({ files: { "manifest.json": text } });
}

/** One with a service whose request takes 204 bytes. */
export function serving(manifest: object = {}): Files {
  return application({
    manifest: {
      include: [BASE, SERVICE],
      modules: { "*": ["./main", "./sensor", "./labels"] },
      ...manifest,
    },
    files: {
      "labels.js": `import { call, defineService, text } from "reattach/service";
export const Labels = defineService("labels", { put: call({ text: text(200) }, {}) });
`,
      "sensor.js": `import { open } from "reattach/service";
import { Labels } from "labels";
export function main() {
  open(Labels);
}
`,
    },
  });
}

export const TOO_LONG =
  /labels\.js:2:23: labels\.put: its request has 204 bytes, .*\.limits\.messageBytes allows 128$/;

export const AT_RUN_TIME =
  "a module that is not preloaded is linked with the first import, on the board";

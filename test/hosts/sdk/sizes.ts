/**
 * What Reattach adds to an application for an ESP32: applications linked with and without it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../node/temp-folder.js";
import { type Cost, costOf, difference, flashOf } from "./cost.js";
import { link, root, warningsIn } from "./tools.js";

const CHIP = "esp32";
const CLIENT = "$(MODDABLE)/examples/io/tcp/mqttclient/manifest_mqttclient.json";
const WIFI_WARNING = "### warning: wifi: ";
const BASE = "$(MODDABLE)/examples/manifest_base.json";

/** Two tasks, one of which sends to the other, and recovers. */
const REATTACH = {
  "main.js": `import { boot } from "reattach/moddable";
export default function main() {
  boot().start();
}
`,
  "client.js": `import { ha_open, MsgSend, restartRecovery } from "reattach";
export function main() {
  const message = new Uint8Array(64);
  const coid = ha_open("echo", 0, restartRecovery("echo"), null, 0);
  for (;;) MsgSend(coid, message, 64, message, 64);
}
`,
  "server.js": `import { MsgReceive, MsgReply, name_attach } from "reattach";
export function main() {
  const message = new Uint8Array(64);
  const chid = name_attach(null, "echo", 0);
  for (;;) {
    const rcvid = MsgReceive(chid, message, 64, null);
    if (rcvid > 0) MsgReply(rcvid, 0, message, 64);
  }
}
`,
};

/** The same with Moddable's workers alone, as far as that goes. */
const BARE = {
  "main.js": `import Worker from "worker";
export default function main() {
  const worker = new Worker("server", { static: 24576, stack: 704 });
  worker.onmessage = (message) => worker.postMessage(message);
  worker.postMessage(new Uint8Array(64));
}
`,
  "client.js": "export function main() {}\n",
  "server.js": `export default function start() {
  self.onmessage = (message) => self.postMessage(message);
}
`,
};

const TASKS = { client: { module: "client" }, server: { module: "server" } };

/** What Reattach adds. */
export interface Sizes {
  /** For a manifest that includes reattach/manifest.json. */
  readonly reattach: Cost & { readonly flash: number };
  /** What QNX's HAM costs on top, with reattach/ham/manifest.json. */
  readonly ham: Cost & { readonly flash: number };
  /** What services of other boards cost on top, with reattach/net/manifest.json. */
  readonly net: Cost & { readonly flash: number };
  /** What of that is the SDK's own: its client of MQTT, and what that includes. */
  readonly client: Cost & { readonly flash: number };
}

async function linked(sources: Record<string, string>, ...include: string[]): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-sizes-"));
  const manifest = {
    include: [BASE, ...include],
    modules: { "*": ["./main", "./client", "./server"] },
    preload: ["main", "client", "server"],
    config: { reattach: { tasks: TASKS } },
  };
  try {
    writeFiles(join(folder, "sizes"), { ...sources, "manifest.json": manifest });
    const { source, text } = await link(join(folder, "sizes"), CHIP);
    // The SDK's Wi-Fi has some of its own.
    const warnings = warningsIn(text).filter((line) => !line.startsWith(WIFI_WARNING));
    if (source === "" || warnings.length > 0) throw new Error(`${include.join()}: ${text}`);
    return costOf(source);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withFlash(cost: Cost): Cost & { readonly flash: number } {
  return { flash: flashOf(cost), ...cost };
}

/** Links all of them. */
export async function measureSizes(): Promise<Sizes> {
  const bare = await linked(BARE, "$(MODDABLE)/modules/base/worker/manifest.json");
  const plain = await linked(REATTACH, join(root, "manifest.json"));
  const ham = await linked(REATTACH, join(root, "ham/manifest.json"));
  const client = await linked(REATTACH, join(root, "manifest.json"), CLIENT);
  const net = await linked(REATTACH, join(root, "net/manifest.json"));
  return {
    reattach: withFlash(difference(plain, bare)),
    ham: withFlash(difference(ham, plain)),
    net: withFlash(difference(net, plain)),
    client: withFlash(difference(client, plain)),
  };
}

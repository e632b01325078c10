/**
 * An application for tests of live reload: a server whose answer is its version, and a client that
 * never stops asking and says whenever the answer is another.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type test from "tape";
import { boot, type ReloadNews, type System, watchSources } from "reattach/node";
import { PATIENT } from "../../../patient-board.js";
import { type Files, folderOf } from "../temp-folder.js";

/** A server that answers every message with a number of one byte. */
export function server(version: number | string, more = "", imports = ""): string {
  return `import { MsgReceive, MsgReply, name_attach } from "reattach";
${imports}
export function main() {
  ${more}
  const chid = name_attach(null, "server", 0);
  const message = new Uint8Array(4);
  for (;;) {
    const rcvid = MsgReceive(chid, message, 4, null);
    message[0] = ${version};
    if (rcvid > 0) MsgReply(rcvid, 0, message, 4);
  }
}`;
}

/** Writes "<status> <version> <coid>" when one of them is another than before. */
const CLIENT = `import { delay, ENOENT, MsgSend, name_open } from "reattach";
import { ha_attach, restartRecovery } from "reattach";
export function main() {
  let coid = name_open("server", 0);
  while (coid === -ENOENT) {
    delay(1);
    coid = name_open("server", 0);
  }
  ha_attach(coid, restartRecovery("server"), null, 0);
  const message = new Uint8Array(4);
  let seen = "";
  for (;;) {
    const status = MsgSend(coid, message, 4, message, 4);
    const now = status + " " + message[0] + " " + coid;
    if (now !== seen) console.log(now);
    seen = now;
  }
}`;

export const SERVER_TASK = { module: "server", services: ["server"] };
const TASKS = { server: SERVER_TASK, client: { module: "client" } };

type Tasks = Readonly<Record<string, object>>;

/** A manifest of these tasks, each with a module of its name or the one that it says. */
export function manifest(tasks: Tasks = TASKS, more: object = {}): object {
  return { modules: { "*": "./*" }, config: { reattach: { tasks, board: PATIENT, ...more } } };
}

/** What a system says and does, to be waited for. */
export class Lab {
  readonly system: System;
  readonly folder: string;
  /** Lines of the log, `[task] text`, and news of the reload, `{step}`, in order. */
  readonly seen: string[] = [];
  readonly deaths: string[] = [];
  readonly news: ReloadNews[] = [];
  #waiting: (() => void)[] = [];

  constructor(system: System, folder: string) {
    this.system = system;
    this.folder = folder;
    const note = (text: string): void => {
      this.seen.push(text);
      for (const wake of this.#waiting.splice(0)) wake();
    };
    system.on("log", (task, _level, text) => note(`[${task}] ${text}`));
    system.on("reload", (news) => {
      this.news.push(news);
      const tasks = "tasks" in news ? news.tasks.join() : "";
      note(`{${news.step}} ${tasks}`.trim());
    });
    system.on("death", ({ name, cause }) => {
      this.deaths.push(`${name}: ${cause}`);
      note(`death of ${name}`);
    });
    for (const event of ["start", "ready", "end"] as const) {
      system.on(event, (name) => note(`${event} of ${name}`));
    }
    system.on("reboot", () => note("reboot"));
  }

  /** Resolves to the first of what is to be seen from now on, or after `from`, that matches. */
  async until(pattern: RegExp, from = this.seen.length): Promise<string> {
    // The threads keep nobody alive.
    const alive = setInterval(() => undefined, 1_000);
    try {
      for (let next = from; ; next++) {
        while (next >= this.seen.length)
          await new Promise<void>((wake) => this.#waiting.push(wake));
        if (pattern.test(this.seen[next]!)) return this.seen[next]!;
      }
    } finally {
      clearInterval(alive);
    }
  }

  /** Saves files, and waits for what comes of it. */
  save(files: Files, expected: RegExp): Promise<string> {
    const from = this.seen.length;
    this.write(files);
    return this.until(expected, from);
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(join(this.folder, name), text);
    }
  }

  statusOf(name: string) {
    return this.system.ps().find((row) => row.name === name)!;
  }
}

/** What a test does with the folder of its application before that runs. */
export interface Steps {
  readonly beforeBoot?: (folder: string) => void;
  readonly beforeWatch?: (folder: string) => void;
}

/** Starts an application whose sources are watched; it ends with the test. */
export async function lab(
  t: test.Test,
  files: Files = {},
  expected = /^\[client\] 0 1 /,
  { beforeBoot, beforeWatch }: Steps = {},
): Promise<Lab> {
  const all = {
    "manifest.json": manifest(),
    "server.ts": server(1),
    "client.ts": CLIENT,
    ...files,
  };
  const folder = folderOf(t, all);
  beforeBoot?.(folder);
  const system = await boot(folder);
  beforeWatch?.(folder);
  const made = new Lab(system, folder);
  const watch = await watchSources(system);
  t.teardown(async () => {
    watch.close();
    await system.stop();
  });
  void system.start();
  await made.until(expected, 0);
  return made;
}

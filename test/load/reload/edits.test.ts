/**
 * Edits of two services under full load: nothing is lost, wrong or done twice.
 */
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import test from "tape";
import { boot, type ReloadNews, type System, watchSources } from "reattach/node";
import { openRecording } from "../../../examples/weather-station/recording-node.js";
import { isGood, Story } from "../../../examples/weather-station/story.js";
import { folderOf } from "../../hosts/node/temp-folder.js";

const EDITS = Number(process.env["EDITS"] ?? "20");
/** The clients of these never die; the second one keeps a ledger. */
const EDITED = ["sensor", "store"];

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** Are types checked before anything is replaced? "no" measures what that costs. */
const ARE_TYPES_CHECKED = process.env["TYPES"] !== "no";
/** Packages beside this one that its tsconfig.json asks for. */
const PACKAGES = ["typescript", "@types", "@moddable"];

/** A copy of the weather station, to be edited. */
function copyOf(t: test.Test): string {
  const folder = folderOf(t, {});
  cpSync(join(REPOSITORY, "examples/weather-station"), folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll('"../../', `"${REPOSITORY}`));
  if (!ARE_TYPES_CHECKED) return folder;
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(REPOSITORY, join(modules, "reattach"));
  for (const name of PACKAGES) {
    symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
  return folder;
}

/** Saves a task's module with other code, and resolves to what has come of it. */
function edit(system: System, folder: string, task: string, number: number): Promise<ReloadNews> {
  const file = join(folder, `${task}.ts`);
  const text = readFileSync(file, "utf8").replace(/\n\(globalThis.*$/s, "");
  return new Promise((resolve) => {
    const look = (news: ReloadNews): void => {
      if (news.step === "compiled") return;
      system.off("reload", look);
      resolve(news);
    };
    system.on("reload", look);
    const edition = "(globalThis as { edition?: number }).edition";
    writeFileSync(file, `${text}\n${edition} = ${number};\n`);
  });
}

/** How long a bare worker thread takes to start now: what the times are to be compared with. */
async function bareStart(): Promise<number> {
  const begun_ms = performance.now();
  const worker = new Worker("", { eval: true });
  await once(worker, "online");
  const took_ms = performance.now() - begun_ms;
  await worker.terminate();
  return took_ms;
}

function quartiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => Math.round(sorted[Math.floor(part * sorted.length)]!);
  return `median ${at(0.5)} ms, quartiles ${at(0.25)} and ${at(0.75)} ms, most ${at(0.999)} ms`;
}

test(`reload: ${EDITS} edits under load lose nothing and repeat nothing`, async (t) => {
  const folder = copyOf(t);
  const system = await boot(folder, { seed: 1 });
  let saidOfTypes = (_text: string): void => undefined;
  const ofTypes = new Promise<string>((resolve) => (saidOfTypes = resolve));
  system.on("log", (task, level, text) => {
    if (level === "error") t.comment(`[${task}] ${text}`);
    if (text.startsWith("types are")) saidOfTypes(text);
  });
  const story = new Story({
    view: () => system.view(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    recording: openRecording(),
  });
  system.on("death", () => story.crashes++);
  const watch = await watchSources(system);
  await system.start();
  await story.watch(1, () => undefined);
  const pidOf = (name: string): number => system.ps().find((row) => row.name === name)!.pid;
  const clients = [pidOf("station"), pidOf("display")];
  const took = new Map<string, number[]>(EDITED.map((task) => [task, []]));
  t.equal((await ofTypes).startsWith("types are checked"), ARE_TYPES_CHECKED);
  const bare: number[] = [];
  const others: string[] = [];
  for (let number = 1; number <= EDITS; number++) {
    const task = EDITED[number % EDITED.length]!;
    bare.push(await bareStart());
    const news = await edit(system, folder, task, number);
    if (news.step !== "replaced" || news.since !== "answer") others.push(JSON.stringify(news));
    else took.get(task)!.push(news.took_ms);
  }
  watch.close();
  await story.finish();
  const report = await story.judge();
  const after = [pidOf("station"), pidOf("display")];
  await system.stop();
  for (const [task, times] of took) t.comment(`${task}, from save to answer: ${quartiles(times)}`);
  t.comment(`a bare worker thread, to its start: ${quartiles(bare)}`);
  t.comment(`${report.sent} messages, ${report.recoveries} recoveries`);
  t.deepEqual(others, [], "each edit was answered by the new code");
  t.ok(isGood(report), "nothing was lost, wrong or done twice");
  t.equal(report.crashes, 0, "nobody died");
  t.deepEqual(after, clients, "the clients run on, with the connections that they opened first");
  t.ok(report.recoveries >= EDITS, "they have recovered each time");
});

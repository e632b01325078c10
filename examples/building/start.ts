/**
 * `npm run building`: a broker and four boards, each a process of its own. Loggers, greenhouses and
 * the broker are killed, one after the other, and started again; at the end it says whether each
 * note has come, and none twice to the same life of a logger's board.
 *
 *     npm run building -- [--seconds n]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const CLI = fileURLToPath(new URL("../../dist/node/hosts/node/cli/main.js", import.meta.url));
const LOGGERS = ["office", "home"];
const GREENHOUSES = ["north", "south"];
const BROKER = "broker";
/** Who is killed: a greenhouse that begins anew would count from 1 again. */
const MORTAL = [...LOGGERS, BROKER];
const KILL_EVERY_MS = 2_500;
const DOWN_MS = 500;
const LOOK_MS = 50;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });

/** Numbers of notes that a life of a logger's board has kept, by greenhouse. */
type Kept = Map<string, number[]>;

const lives: Kept[] = [];
const running = new Map<string, ChildProcess>();
let broker = "";
let isOver = false;

function say(who: string, text: string): void {
  process.stdout.write(`${who.padEnd(7)} ${text}\n`);
}

/** Reads what a board logs; a logger's notes are kept. */
function read(who: string, child: ChildProcess): void {
  const kept: Kept = new Map();
  if (LOGGERS.includes(who)) lives.push(kept);
  createInterface({ input: child.stderr! }).on("line", (line) => {
    const [, number, board = ""] = /note (\d+) of (\w+):/.exec(line) ?? [];
    if (number === undefined) return say(who, line);
    const numbers = kept.get(board) ?? [];
    kept.set(board, numbers);
    numbers.push(Number(number));
    if (Number(number) % 10 === 0) say(who, line);
  });
}

async function start(who: string): Promise<void> {
  const port = broker === "" ? "0" : new URL(broker).port;
  const file = fileURLToPath(new URL(`./${who}.json`, import.meta.url));
  const argv = who === BROKER ? ["broker", "--port", port] : ["run", file];
  const env = { ...process.env, REATTACH_BROKER: broker };
  const child = spawn(process.execPath, [CLI, ...argv], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.set(who, child);
  read(who, child);
  if (who !== BROKER) return;
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the broker ended with ${code}`);
  });
  const [address] = (await Promise.race([once(child.stdout!, "data"), ended])) as [Buffer];
  broker = address.toString().trim();
}

/** Has a note of each greenhouse come? */
function isUp(): boolean {
  return GREENHOUSES.every((board) => lives.some((kept) => kept.has(board)));
}

async function kill(who: string): Promise<void> {
  say(who, "is killed");
  const child = running.get(who)!;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  await delay(DOWN_MS);
  if (!isOver) await start(who);
}

/**
 * What is wrong: notes that are missing, or one that was kept twice by one life of a board. A board
 * that is killed takes its last line with it: so many notes may have been kept and not been shown.
 */
function problems(unseenMax: number): string[] {
  const found: string[] = [];
  for (const board of GREENHOUSES) {
    const all = new Set<number>();
    for (const kept of lives) {
      const numbers = kept.get(board) ?? [];
      if (new Set(numbers).size < numbers.length) found.push(`${board}: a note was kept twice`);
      for (const number of numbers) all.add(number);
    }
    const last = Math.max(0, ...all);
    if (last === 0) found.push(`${board}: no notes`);
    const missing = Array.from({ length: last }, (_, i) => i + 1).filter((n) => !all.has(n));
    if (missing.length > unseenMax) found.push(`${board}: notes ${missing.join()} are missing`);
    say(board, `${last} notes, ${missing.length} of them not seen`);
  }
  return found;
}

await start(BROKER);
for (const who of [...LOGGERS, ...GREENHOUSES]) await start(who);
while (!isUp()) await delay(LOOK_MS);
const end_ms = performance.now() + Number(values.seconds) * 1_000;
let kills = 0;
while (performance.now() < end_ms) {
  await delay(KILL_EVERY_MS);
  await kill(MORTAL[kills++ % MORTAL.length]!);
}
isOver = true;
for (const child of running.values()) child.kill("SIGKILL");
const wrong = problems(kills);
for (const text of wrong) say("wrong", text);
say("", `${kills} kills, ${wrong.length === 0 ? "every note is there, and once" : "wrong"}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/**
 * A short soak as a command: it ends well, it ends early when it is told to, and it says what is
 * wrong with its arguments.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import test from "tape";
import { Patience, watch } from "../../patience.js";
import { figure } from "../../proof/verify/figure.js";
import type { Report } from "./report.js";

const MAIN = join(import.meta.dirname, "main.ts");
const TIMEOUT_MS = 120_000;

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs the command; `hear` is given each line and the process. */
async function soak(
  args: readonly string[],
  hear: (line: string, interrupt: () => void) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endWatch = watch(new Patience(TIMEOUT_MS, child.pid), () => child.kill("SIGKILL"));
  const lines: string[] = [];
  let stderr = "";
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) {
      lines.push(line);
      hear(line, () => child.kill("SIGINT"));
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  endWatch();
  return { code, lines, stderr };
}

function reportOf({ lines }: Ended): Report {
  return JSON.parse(lines.at(-1) ?? "{}") as Report;
}

test("soak: twenty seconds are right, and judged", async (t) => {
  const ended = await soak(["--minutes", "0.34", "--json", "--seed", "7"]);
  const report = reportOf(ended);
  t.equal(ended.code, 0, "exit code");
  t.equal(ended.stderr, "", "nothing to complain of");
  const { lost, wrong, repeated, missing, leaks, accidents } = report;
  t.deepEqual([lost, wrong, repeated, missing, leaks], [0, 0, 0, 0, 0], "all is right");
  t.deepEqual(accidents, [], "nobody died by itself");
  t.ok(report.effects > 0 && report.kills > 0, "there were effects and kills");
  for (const { name, isFlat, growth } of report.flat) {
    t.equal(isFlat, true, `${name} is flat: ${growth}`);
  }
  figure(t, "kills", report.kills);
  figure(t, "messages", report.messages);
  figure(t, "restarts", report.restarts);
  figure(t, "recoveries", report.recoveries);
});

test("soak: Ctrl-C ends it with the verdict so far", async (t) => {
  let isTold = false;
  const ended = await soak(["--minutes", "60", "--every", "0.5"], (line, interrupt) => {
    // Once: a second Ctrl-C would end it without a verdict.
    if (line.includes("messages") && !isTold) interrupt();
    isTold ||= line.includes("messages");
  });
  t.equal(ended.code, 0, "exit code");
  t.equal(ended.lines.at(-1), "verdict: good");
  t.ok(
    ended.lines.some((line) => line.includes("too short to say")),
    "it says so",
  );
});

const WRONG: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["--minutes", "x"], /--minutes: found "x", allowed is a number from 0\.1 to 10080/],
  [["--minutes", "0"], /--minutes: found "0", allowed/],
  [["--minutse", "5"], /found option --minutse, .*--minutes/],
  [["now"], /found "now", allowed is no argument/],
];

for (const [args, message] of WRONG) {
  test(`soak: ${args.join(" ")} is exit code 2`, async (t) => {
    const { code, stderr } = await soak(args);
    t.equal(code, 2);
    t.match(stderr, message, "what was found, and what is allowed");
  });
}

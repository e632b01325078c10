/**
 * Runs a case of the self-tests: writes its files into a folder of its own, starts the program, and
 * says what is not as expected. It knows no test runner.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Far above what the slowest case needs, with a sanitizer too. */
export const PATIENCE_MS = 180_000;

/** Kills a program when the time is over. @type {Guard} */
function guardByClock(child) {
  const clock = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  return () => clearTimeout(clock);
}

/**
 * @typedef {object} Case
 * @property {string} title call, colon, fact
 * @property {Record<string, string>} files by name; `main.mjs` is run
 * @property {string[]} [args] switches; `$DIR` stands for the folder of the files
 * @property {string[]} [tail] what follows the switches, instead of `$DIR/main.mjs`
 * @property {number} [code] how the process ends; 0
 * @property {string} [stdout] exactly; "" when left out
 * @property {"folders" | "fine waits"} [needs] of a host: it lists folders; a wait does not end up
 *   to a tick early, as FreeRTOS's do
 * @property {RegExp} [stderr] is found in it; nothing may be there when left out
 *
 * @callback Guard kills a program that takes too long, until what it returns is called
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => void}
 */

/**
 * @param {(args: string[]) => string[]} commandFor runs the program with these arguments
 * @param {Case} testCase
 * @param {Guard} [guard] by the clock when left out
 * @returns {Promise<string | null>} what is wrong, or null
 */
export async function runCase(commandFor, testCase, guard = guardByClock) {
  const { files, args = [], tail = ["$DIR/main.mjs"], code = 0, stdout = "", stderr } = testCase;
  const folder = mkdtempSync(join(tmpdir(), "xs-test-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text.replaceAll("$DIR", folder));
    }
    const words = [...args, ...tail].map((arg) => arg.replaceAll("$DIR", folder));
    const found = await runProgram(commandFor(words), guard);
    const wrong = [];
    if (found.code !== code) wrong.push(`exit code ${found.code}, expected ${code}`);
    if (found.stdout !== stdout) {
      wrong.push(`stdout ${JSON.stringify(found.stdout)}, expected ${JSON.stringify(stdout)}`);
    }
    if (stderr === undefined ? found.stderr !== "" : !stderr.test(found.stderr)) {
      wrong.push(`stderr ${JSON.stringify(found.stderr)}, expected ${stderr ?? '""'}`);
    } else if (wrong.length > 0 && found.stderr !== "") {
      wrong.push(`stderr ${JSON.stringify(found.stderr)}`);
    }
    return wrong.length === 0 ? null : wrong.join("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runProgram([program, ...args], guard) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const found = { stdout: "", stderr: "", code: null };
    const endGuard = guard(child);
    child.stdout.setEncoding("utf8").on("data", (text) => (found.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (found.stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      endGuard();
      resolve({ ...found, code: code ?? signal });
    });
  });
}

/**
 * Runs the cases whose titles contain a word and tells how each went. The exit code is 1 when one
 * has failed.
 *
 * @param {(args: string[]) => string[]} commandFor
 * @param {readonly Case[]} cases
 * @param {string} [part]
 */
export async function runCases(commandFor, cases, part = "") {
  let failures = 0;
  for (const testCase of cases.filter(({ title }) => title.includes(part))) {
    const wrong = await runCase(commandFor, testCase);
    console.log(`${wrong === null ? "ok" : "not ok"} ${testCase.title}`);
    if (wrong === null) continue;
    failures++;
    console.log(wrong.replaceAll(/^/gm, "    "));
  }
  if (failures > 0) process.exitCode = 1;
}

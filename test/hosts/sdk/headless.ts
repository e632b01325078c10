/**
 * Moddable's simulator for Linux without its window (headless.c).
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { out, run, type Limits, type Outcome } from "./tools.js";

const program = join(out, "headless");

/** Compiles it. Throws when that fails. */
export function compileHeadless(): void {
  const flags = execFileSync("pkg-config", ["--cflags", "--libs", "gio-2.0"], { encoding: "utf8" });
  const include = join(process.env["MODDABLE"]!, "build/simulators/modules");
  const source = join(import.meta.dirname, "headless.c");
  const args = ["-DmxLinux=1", "-I", include, source, "-o", program];
  execFileSync("cc", [...args, ...flags.trim().split(/\s+/), "-ldl"]);
}

/** The program, compiled. It takes what an application was built to, and a mod if there is one. */
export function headlessProgram(): string {
  if (!existsSync(program)) compileHeadless();
  return program;
}

/** Runs an application that was built for "lin", with a mod that mcrun has made or without. */
export function runHeadless(library: string, limits: Limits, mod?: string): Promise<Outcome> {
  return run(headlessProgram(), mod === undefined ? [library] : [library, mod], limits);
}

/**
 * Builds the program for the emulated chip: gets XS and FreeRTOS, and calls make.
 *
 *     node hosts/xs-chip/build.mjs [--xs=folder]
 *
 * prints the program's path. Everything lies in node_modules/.cache/reattach-xs. Two processes may
 * build at the same time: make runs under a lock.
 */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { findMissingTool, findSources, keyOf, run } from "../xs-test/sources.mjs";
import { EMULATOR } from "./command.mjs";
import { findFreeRtos } from "./freertos.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const COMPILER = "riscv64-unknown-elf-gcc";
const PACKAGES = "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc";

/**
 * The path of the program and a key that changes with it; or why it cannot be built here.
 *
 * @param {{ xs?: string }} [variant] `xs`: the sources of Moddable's SDK
 * @returns {{ program: string, key: string } | { missing: string }}
 */
export function buildChip({ xs } = {}) {
  const missing = findMissing();
  if (missing !== null) return { missing };
  const freeRtos = findFreeRtos();
  if ("missing" in freeRtos) return freeRtos;
  const { home, xs: sources } = findSources(xs);
  const out = join(home, "xs-chip");
  mkdirSync(out, { recursive: true });
  const make = ["make", "-f", join(here, "Makefile"), `-j${availableParallelism()}`];
  const where = [`XS=${sources}`, `FREERTOS=${freeRtos.source}`, `OUT=${out}`];
  run("flock", [join(out, "lock"), ...make, ...where]);
  const own = ["", "port", "port/rv32imac", "posix", "program"].map((folder) => join(here, folder));
  return { program: join(out, "xs-chip.elf"), key: keyOf("rv32imac", own) };
}

/** What the machine lacks, in words, or null. */
function findMissing() {
  const tool = findMissingTool([COMPILER, EMULATOR, "make", "flock", "tar"]);
  if (tool !== null) return `${tool} is not installed (Debian: ${PACKAGES})`;
  const { status } = spawnSync(COMPILER, ["--specs=picolibc.specs", "-E", "-x", "c", "/dev/null"]);
  return status === 0 ? null : `${COMPILER} has no picolibc (Debian: ${PACKAGES})`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [word] = process.argv.slice(2);
  const built = buildChip(word?.startsWith("--xs=") ? { xs: word.slice("--xs=".length) } : {});
  if ("missing" in built) {
    console.error(built.missing);
    process.exitCode = 1;
  } else {
    console.log(built.program);
  }
}

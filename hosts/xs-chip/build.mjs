/**
 * Builds the program for an emulated chip: gets XS and FreeRTOS, and calls make.
 *
 *     node hosts/xs-chip/build.mjs [--chip=name] [--xs=folder]
 *
 * prints the program's path. Everything lies in node_modules/.cache/reattach-xs. Two processes may
 * build at the same time: make runs under a lock.
 */
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { findMissingTool, findSources, homeOf, keyOf, run } from "../xs-test/sources.mjs";
import { CHIPS, chipNamed, DEFAULT_CHIP } from "./chips.mjs";
import { findFreeRtos } from "./freertos.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * The path of the program and a key that changes with it; or why it cannot be built here.
 *
 * @param {{ chip?: import("./chips.mjs").ChipName, xs?: string }} [variant] `xs`: the sources of
 *   Moddable's SDK
 * @returns {{ program: string, key: string } | { missing: string }}
 */
export function buildChip({ chip = DEFAULT_CHIP, xs } = {}) {
  const missing = findMissing(CHIPS[chip]);
  if (missing !== null) return { missing };
  const freeRtos = findFreeRtos();
  if ("missing" in freeRtos) return freeRtos;
  const { home, xs: sources } = findSources(xs);
  const out = outOf(home, chip);
  mkdirSync(out, { recursive: true });
  const make = ["make", "-f", join(here, "Makefile"), `-j${availableParallelism()}`];
  const where = [`XS=${sources}`, `FREERTOS=${freeRtos.source}`, `OUT=${out}`];
  run("flock", [join(out, "lock"), ...make, `CHIP=${chip}`, ...where]);
  const folders = ["", "port", `port/${chip}`, "posix", "program"];
  const own = folders.map((folder) => join(here, folder));
  return { program: programIn(out), key: keyOf(chip, own) };
}

const outOf = (home, chip) => join(home, "xs-chip", chip);
const programIn = (out) => join(out, "xs-chip.elf");

/**
 * Was it built before? If it was, building it again takes little time.
 *
 * @param {import("./chips.mjs").ChipName} chip
 */
export function isBuilt(chip) {
  return existsSync(programIn(outOf(homeOf(), chip)));
}

/** What the machine lacks, in words, or null. */
function findMissing({ compiler, emulator, packages }) {
  const tool = findMissingTool([compiler, emulator, "make", "flock", "tar"]);
  if (tool !== null) return `${tool} is not installed (Debian: ${packages})`;
  const { status } = spawnSync(compiler, ["--specs=picolibc.specs", "-E", "-x", "c", "/dev/null"]);
  return status === 0 ? null : `${compiler} has no picolibc (Debian: ${packages})`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { chip: { type: "string" }, xs: { type: "string" } } });
  const built = buildChip({ chip: chipNamed(values.chip), xs: values.xs });
  if ("missing" in built) {
    console.error(built.missing);
    process.exitCode = 1;
  } else {
    console.log(built.program);
  }
}

/**
 * Builds the program for an emulated chip: gets XS and FreeRTOS, and calls make.
 *
 *     node hosts/xs-chip/build.mjs [--chip=name] [--xs=folder]
 *
 * prints the program's path. Everything lies in node_modules/.cache/reattach-xs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { buildWhenCalled, makeIn, TOOLS } from "../xs-test/build.mjs";
import { findMissingTool, findSources, homeOf, keyOf } from "../xs-test/sources.mjs";
import { CHIPS, chipNamed, DEFAULT_CHIP } from "./chips.mjs";
import { findFreeRtos } from "./freertos.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Builds the program, unless it is up to date.
 *
 * @param {{ chip?: import("./chips.mjs").ChipName, xs?: string }} [variant] `xs`: the sources of
 *   Moddable's SDK
 * @returns {import("../xs-test/build.mjs").Built}
 */
export function buildChip({ chip = DEFAULT_CHIP, xs } = {}) {
  const missing = findMissing(CHIPS[chip]);
  if (missing !== null) return { missing };
  const freeRtos = findFreeRtos();
  if ("missing" in freeRtos) return freeRtos;
  const { home, xs: sources } = findSources(xs);
  const out = outOf(home, chip);
  const variables = { CHIP: chip, XS: sources, FREERTOS: freeRtos.source };
  makeIn(join(here, "Makefile"), out, variables);
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
  const tool = findMissingTool([compiler, emulator, ...TOOLS]);
  if (tool !== null) return `${tool} is not installed (Debian: ${packages})`;
  const { status } = spawnSync(compiler, ["--specs=picolibc.specs", "-E", "-x", "c", "/dev/null"]);
  return status === 0 ? null : `${compiler} has no picolibc (Debian: ${packages})`;
}

buildWhenCalled(import.meta.url, () => {
  const { values } = parseArgs({ options: { chip: { type: "string" }, xs: { type: "string" } } });
  return buildChip({ chip: chipNamed(values.chip), xs: values.xs });
});

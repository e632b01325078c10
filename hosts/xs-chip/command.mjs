/**
 * How a program is run on an emulated chip.
 */
import { fileURLToPath } from "node:url";
import { CHIPS, DEFAULT_CHIP } from "./chips.mjs";

/**
 * Of an instruction that takes 1 ns. The emulator knows powers of two only: what is between them is
 * told to the program, whose milliseconds are longer or shorter then.
 */
const MHZ_MAX = 1_000;
/** As fast as a chip of the kind is, or a little slower: an ESP32-C3 or C6 has 160 MHz. */
export const CHIP_MHZ = 125;

/** The memory that Moddable's manifests give the main VM on an ESP32: for --creation. */
export const CREATION = fileURLToPath(new URL("creation.json", import.meta.url));

/** Nothing but the machine, and a way to the files of the computer. */
const ALONE = [
  ..."-display none -monitor none -serial null -semihosting-config".split(" "),
  "enable=on,target=native",
];

/** Stands for a space in an argument: the emulator joins them by spaces. */
const SPACE = "\u001f";

/**
 * The command that runs it, with the switches of the test host. Output, files and exit code are
 * those of the command. The same files and switches give the same run: see the README.
 *
 * @param {string} program of buildChip()
 * @param {readonly string[]} args
 * @param {number} [mhz] a million instructions a second: from 1 to 1000
 * @param {import("./chips.mjs").ChipName} [chip] that the program was built for
 * @returns {string[]}
 */
export function chipCommand(program, args, mhz = CHIP_MHZ, chip = DEFAULT_CHIP) {
  const shift = Math.round(Math.log2(MHZ_MAX / mhz));
  const isLocked = args.includes("--locked-atomics");
  const kernel = isLocked ? program.replace(/\.elf$/, "-locked.elf") : program;
  const { emulator, machine, clock_kHz } = CHIPS[chip];
  const tick = Math.round((clock_kHz * mhz * 2 ** shift) / MHZ_MAX);
  const speed = tick === clock_kHz ? [] : [`--machine-tick=${tick}`];
  const line = [...speed, ...args].map((arg) => arg.replaceAll(" ", SPACE)).join(" ");
  const clock = ["-icount", `shift=${shift},sleep=off`];
  return [emulator, ...machine, ...ALONE, ...clock, "-kernel", kernel, "-append", line];
}

/** For programs that a chip has no room for: they are compiled in a task, and not in the linker. */
export const ROOMY = ["--machine-ram=10000000", "--machine-stack=131072"];

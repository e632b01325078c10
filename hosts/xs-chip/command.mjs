/**
 * How a program is run on the emulated chip.
 */
import { fileURLToPath } from "node:url";

/**
 * Of an instruction that takes 1 ns. The emulator knows powers of two only: what is between them is
 * told to the program, whose milliseconds are longer or shorter then.
 */
const MHZ_MAX = 1_000;
/** Of the emulator's clock in a millisecond. */
const TICK_CYCLES = 10_000;
/** As fast as a chip of the kind is, or a little slower: an ESP32-C3 or C6 has 160 MHz. */
export const CHIP_MHZ = 125;

/** The memory that Moddable's manifests give the main VM on an ESP32: for --creation. */
export const CREATION = fileURLToPath(new URL("creation.json", import.meta.url));

/** Also the tool that build.mjs looks for. */
export const EMULATOR = "qemu-system-riscv32";
/** One hart with RAM, a clock and a way to the files of the computer; nothing else. */
const MACHINE = [
  ..."-M virt -bios none -m 128M -display none -monitor none -serial null".split(" "),
  "-semihosting-config",
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
 * @returns {string[]}
 */
export function chipCommand(program, args, mhz = CHIP_MHZ) {
  const shift = Math.round(Math.log2(MHZ_MAX / mhz));
  const isLocked = args.includes("--locked-atomics");
  const kernel = isLocked ? program.replace(/\.elf$/, "-locked.elf") : program;
  const tick = Math.round((TICK_CYCLES * mhz * 2 ** shift) / MHZ_MAX);
  const speed = tick === TICK_CYCLES ? [] : [`--machine-tick=${tick}`];
  const line = [...speed, ...args].map((arg) => arg.replaceAll(" ", SPACE)).join(" ");
  const clock = ["-icount", `shift=${shift},sleep=off`];
  return [EMULATOR, ...MACHINE, ...clock, "-kernel", kernel, "-append", line];
}

/** For programs that a chip has no room for: they are compiled in a task, and not in the linker. */
export const ROOMY = ["--machine-ram=16000000", "--machine-stack=131072"];

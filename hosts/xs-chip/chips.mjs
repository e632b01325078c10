/**
 * The chips. What a chip's C is lies in port/ under its name.
 */

/**
 * @typedef {object} Chip
 * @property {string} compiler
 * @property {string} emulator
 * @property {readonly string[]} machine of the emulator: a processor with RAM and a clock
 * @property {number} clock_kHz CLOCK_HZ of its chip.h, in thousands
 * @property {number} mostRam_KB for --machine-ram, of 1,024 bytes
 * @property {string} packages of Debian: all that it needs
 */

/** @typedef {"rv32imac" | "cortex-m3"} ChipName */

/** @type {Readonly<Record<ChipName, Chip>>} */
export const CHIPS = {
  rv32imac: {
    compiler: "riscv64-unknown-elf-gcc",
    emulator: "qemu-system-riscv32",
    machine: ["-M", "virt", "-bios", "none", "-m", "128M"],
    clock_kHz: 10_000,
    mostRam_KB: 16_000,
    packages: "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc",
  },
  "cortex-m3": {
    compiler: "arm-none-eabi-gcc",
    emulator: "qemu-system-arm",
    machine: ["-M", "mps2-an385"],
    clock_kHz: 25_000,
    mostRam_KB: 10_000,
    packages: "gcc-arm-none-eabi picolibc-arm-none-eabi qemu-system-arm",
  },
};

/** @type {ChipName} */
export const DEFAULT_CHIP = "rv32imac";

/**
 * The chip that a command line asks for, or the first.
 *
 * @param {string} [name] of --chip=
 * @returns {ChipName}
 */
export function chipNamed(name = DEFAULT_CHIP) {
  if (!Object.hasOwn(CHIPS, name)) {
    throw new Error(`--chip=${name}: there are ${Object.keys(CHIPS).join(" and ")}`);
  }
  return /** @type {ChipName} */ (name);
}

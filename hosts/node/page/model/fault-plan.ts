/**
 * What the fault lab knows of faults before the server says no: which there are, and how the plan
 * is written on a command line.
 */
import type { FaultRule } from "../../watch/protocol.js";

const TASK_KINDS = ["kill", "hang"];
/** As hosts/node/hardware/board/parts.ts has them; a test compares. */
const I2C_KINDS = ["nack", "hang", "noise"];
const PART_KINDS = ["hang", "noise"];

/** The faults that a task, or a part of the simulated board, can have. */
export function kindsFor(target: string): readonly string[] {
  // A part has a dot in its name, and a task has none.
  if (!target.includes(".")) return TASK_KINDS;
  return target.startsWith("i2c.") ? I2C_KINDS : PART_KINDS;
}

/** Is it a time as options have it: 500ms, 2s, 1.5? */
export function isTime(text: string): boolean {
  return /^\d+(\.\d+)?(ms|s|m|h)?$/.test(text);
}

/** The command that repeats the plan. */
export function commandOf(manifest: string, rules: readonly FaultRule[], seed: number): string {
  const folder = manifest.replace(/\/?manifest\.json$/, "") || ".";
  const faults = rules.map(({ fault }) => ` --fault ${fault}`).join("");
  return `npx reattach run ${shellWord(folder)}${faults} --seed ${seed}`;
}

/** Quoted where a shell would read more than one word in it. */
function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

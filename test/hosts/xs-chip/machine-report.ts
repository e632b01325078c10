/**
 * What the emulated chip tells at the end of a run (--machine-reports).
 */
const PREFIX = "machine: ";

/** Bytes. */
export interface MachineReport {
  /** How deep the native stack of each FreeRTOS task has been, by its name. */
  readonly stacks: Readonly<Record<string, number>>;
  /** Of the heap at the end, and at most. */
  readonly now: number;
  readonly peak: number;
}

/** Throws when there is none. */
export function readReport(stderr: string): MachineReport {
  const lines = stderr.split("\n").filter((line) => line.startsWith(PREFIX));
  const found = lines.map((line) => JSON.parse(line.slice(PREFIX.length)) as Record<string, never>);
  const stacks = found.filter((line) => "stack" in line);
  const memory = found.find((line) => "peak" in line);
  if (memory === undefined) throw new Error(`the machine has told nothing: ${stderr}`);
  return {
    stacks: Object.fromEntries(stacks.map(({ stack, used }) => [stack, used])),
    now: memory["now"]!,
    peak: memory["peak"]!,
  };
}

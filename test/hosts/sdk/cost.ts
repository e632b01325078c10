/**
 * What an application costs on a chip, from what the linker wrote: mc.xs.c, the C source that XS
 * starts from.
 */

/** What an application's JavaScript takes. All but `aliases` is flash. */
export interface Cost {
  /** Bytes of bytecode. */
  readonly code: number;
  /** Slots, of 16 bytes each: functions, what they close over, objects, names. */
  readonly slots: number;
  /** Those of the slots that are names of functions, properties and locals. */
  readonly keys: number;
  /** Bytes of the text of names, and of a table that finds them: 4 bytes a name. */
  readonly names: number;
  /** Bytes of string constants. */
  readonly texts: number;
  /** Words of RAM in every VM, of 4 bytes each: for what is in flash and may be written to. */
  readonly aliases: number;
}

const SLOT_BYTES = 16;
const POINTER_BYTES = 4;

/** All bytes of flash. */
export function flashOf({ code, slots, names, texts }: Cost): number {
  return code + slots * SLOT_BYTES + names + texts;
}

/** Bytes of a string literal of C, as the linker writes it: "\x00" for a byte, "\"" and such. */
function bytesOf(literal: string): number {
  return literal.replaceAll(/\\x[0-9a-f]{2}|\\./gi, "_").length;
}

/** Reads it from what the linker wrote. */
export function costOf(source: string): Cost {
  const defined = (name: string): number =>
    Number(new RegExp(`^#define ${name} (\\d+)`, "m").exec(source)?.[1]);
  const heap = /^static const txSlot gxHeap\[mxHeapCount\] = \{$([\s\S]*?)^\};$/m.exec(source);
  if (heap === null) throw new Error("what the linker wrote has no heap");
  const bytes = { CODE_X: 0, KEY_X: 0, STRING_X: 0 };
  const slots = /\.kind = XS_(CODE_X|KEY_X|STRING_X)_KIND\}[^"\n]*"((?:[^"\\\n]|\\.)*)"/g;
  for (const [, kind, literal = ""] of heap[1]!.matchAll(slots)) {
    // A text ends with a zero; code says itself where it ends.
    bytes[kind as keyof typeof bytes] += bytesOf(literal) + (kind === "CODE_X" ? 0 : 1);
  }
  return {
    // Of a module that is not preloaded the bytecode stays whole.
    code: [...source.matchAll(/^static const txU1 gxCode\d+\[(\d+)\];$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      bytes.CODE_X,
    ),
    slots: defined("mxHeapCount"),
    keys: heap[1]!.match(/\.kind = XS_KEY_X_KIND/g)?.length ?? 0,
    names: bytes.KEY_X + POINTER_BYTES * defined("mxKeysCount"),
    texts: bytes.STRING_X,
    aliases: defined("mxAliasCount"),
  };
}

/** What `more` costs more than `less`. */
export function difference(more: Cost, less: Cost): Cost {
  const names = Object.keys(more) as (keyof Cost)[];
  return Object.fromEntries(names.map((name) => [name, more[name] - less[name]])) as never;
}

/** For people. */
export function shown(cost: Cost): string {
  const { code, slots, names, texts, aliases } = cost;
  return (
    `${flashOf(cost)} bytes of flash: ${code} of bytecode, ${slots} slots of ${SLOT_BYTES}, ` +
    `${names} of names, ${texts} of texts; ${aliases} words of RAM in each VM`
  );
}

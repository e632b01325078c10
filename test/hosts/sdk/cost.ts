/**
 * What an application costs on a chip, from what the linker wrote.
 */

/** What an application's JavaScript takes. */
export interface Cost {
  /** Slots in flash, of 16 bytes each. */
  readonly slots: number;
  /** Words of RAM in every VM, of 4 bytes each: for what is in flash and may be written to. */
  readonly aliases: number;
  /** Bytes of code of what is preloaded, in flash. */
  readonly code: number;
}

/** Reads it from what the linker wrote, mc.xs.c. */
export function costOf(source: string): Cost {
  const defined = (name: string): number =>
    Number(new RegExp(`^#define ${name} (\\d+)`, "m").exec(source)?.[1]);
  const codes = source.matchAll(
    /\.kind = XS_CODE_X_KIND\}, \.value = \{ \.code = \{ \(txByte\*\)"([^"]*)"/g,
  );
  let code = 0;
  // Each byte is written as "\x00".
  for (const [, text = ""] of codes) code += text.length / 4;
  return { slots: defined("mxHeapCount"), aliases: defined("mxAliasCount"), code };
}

/** For people. */
export function shown({ slots, aliases, code }: Cost): string {
  return `${slots} slots and ${code} bytes of code in flash, ${aliases} words of RAM in each VM`;
}

/**
 * XS as a process of Linux: hosts/xs-linux, built on first use from the sources of this package and
 * those of XS, which npm gets and whose hash is pinned (hosts/xs-test/sources.mjs).
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../input-error.js";

/** A program that runs modules on XS. */
export interface Engine {
  /** Its path. */
  readonly program: string;
  /** Bytes of a slot: 16, as on a 32-bit chip, or 32. */
  readonly slotBytes: 16 | 32;
  /** Why slots are larger than a chip's; "" when they are not. */
  readonly whyLarge: string;
}

/** What hosts/xs-linux/build.mjs exports, as far as it is used here. */
interface Builder {
  buildXs(variant: { m32: boolean; isLenient: boolean }): { program: string } | { missing: string };
  /** Why it cannot be built here, or null. */
  whyNot(variant: { m32: boolean }): string | null;
  /** Everything lies there that is fetched or built. */
  readonly CACHE: string;
  isBuilt(variant: { m32: boolean }): boolean;
}

const NEEDS = `XS is built on Linux, with a C compiler, make, flock, tar and npm. On Debian:
    apt-get install gcc gcc-multilib make util-linux tar`;

function cannot(why: string): InputError {
  return new InputError(`${why}\n${NEEDS}`, [why]);
}

/**
 * Builds the engine, unless it is there. `root` is the folder of this package; `tell` is told
 * before a build, which takes a minute. Throws an InputError that says what this machine lacks.
 * Blocks.
 */
export async function buildEngine(root: string, tell: (text: string) => void): Promise<Engine> {
  const url = pathToFileURL(join(root, "hosts/xs-linux/build.mjs")).href;
  const { buildXs, isBuilt, whyNot, CACHE } = (await import(url)) as Builder;
  const whyLarge = whyNot({ m32: true }) ?? "";
  const m32 = whyLarge === "";
  const missing = whyNot({ m32 });
  if (missing !== null) throw cannot(missing);
  if (!isBuilt({ m32 })) tell(`building XS in ${CACHE}, which is done once …`);
  try {
    const built = buildXs({ m32, isLenient: true });
    if ("missing" in built) throw new Error(built.missing);
    return { program: built.program, slotBytes: m32 ? 16 : 32, whyLarge };
  } catch (error) {
    throw cannot(`XS could not be built: ${error instanceof Error ? error.message : error}`);
  }
}

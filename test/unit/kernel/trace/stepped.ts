/**
 * The recorder and the reader of rings with a hand between any two of their steps: a write of the
 * recorder can be its last, and before a load of the reader anything can happen.
 */
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import type * as Entry from "../../../../src/kernel/trace/entry.js";
import type * as Recorder from "../../../../src/kernel/trace/recorder.js";
import type * as Ring from "../../../../src/kernel/trace/ring.js";

const FOLDER = join(import.meta.dirname, "../../../../src/kernel/trace");

/** What stands between the steps. */
interface Hands {
  /** Called before each load of a word. */
  beforeLoad: () => void;
  /** Words that were written with store(). */
  stores: number;
}

/** In place of src/arena/atomic.ts: on one thread a plain access is as good. */
const ATOMIC = `
export const load = (words, at) => (globalThis.$hands.beforeLoad(), words[at]);
export const store = (words, at, value) => {
  globalThis.$hands.stores++;
  return (words[at] = value);
};
`;

const stepped: Plugin = {
  name: "stepped",
  setup({ onLoad }) {
    onLoad({ filter: /arena[\\/]atomic\.ts$/ }, () => ({ contents: ATOMIC, loader: "js" }));
  },
};

type Modules = typeof Entry & typeof Recorder & typeof Ring;

/** Builds and loads both. */
export async function loadStepped(): Promise<Modules & { hands: Hands }> {
  const names = ["entry", "recorder", "ring"];
  const { outputFiles } = await build({
    stdin: {
      contents: names.map((name) => `export * from "./${name}.js";`).join("\n"),
      resolveDir: FOLDER,
    },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    plugins: [stepped],
  });
  const module = { exports: {} };
  new Function("module", "exports", outputFiles[0]!.text)(module, module.exports);
  const hands: Hands = { beforeLoad: () => undefined, stores: 0 };
  Object.assign(globalThis, { $hands: hands });
  return { ...(module.exports as Modules), hands };
}

/** The writer dies. */
export class Death extends Error {}

/** The same words, of which the n-th write from now on does not happen: the writer dies there. */
export function mortal(ring: Int32Array, writes: number): Int32Array {
  let left = writes;
  return new Proxy(ring, {
    get: (target, key) => Reflect.get(target, key) as unknown,
    set(target, key, value) {
      if (left-- === 0) throw new Death();
      return Reflect.set(target, key, value);
    },
  });
}

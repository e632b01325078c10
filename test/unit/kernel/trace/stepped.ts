/**
 * Modules of the kernel with a hand between any two of their steps: a write of the recorder of
 * rings can be its last, and before a load of a reader anything can happen.
 */
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import type * as Events from "../../../../src/kernel/inspect/trace.js";
import type * as Entry from "../../../../src/kernel/trace/entry.js";
import type * as Record from "../../../../src/kernel/trace/record.js";
import type * as Recorder from "../../../../src/kernel/trace/recorder.js";
import type * as Ring from "../../../../src/kernel/trace/ring.js";

const FOLDER = join(import.meta.dirname, "../../../../src/kernel");

/** What stands between the steps. */
interface Hands {
  /** Called before each load of a word. */
  beforeLoad: (at: number) => void;
  /** Words that were written with store(). */
  stores: number;
}

/** In place of src/arena/atomic.ts: on one thread a plain access is as good. */
const ATOMIC = `
export const load = (words, at) => ($hands.beforeLoad(at), words[at]);
export const store = (words, at, value) => {
  $hands.stores++;
  return (words[at] = value);
};
export const { add } = Atomics;
`;

const stepped: Plugin = {
  name: "stepped",
  setup({ onLoad }) {
    onLoad({ filter: /arena[\\/]atomic\.ts$/ }, () => ({ contents: ATOMIC, loader: "js" }));
  },
};

type Rings = typeof Entry & typeof Record & typeof Recorder & typeof Ring;

/** Builds and loads modules of the kernel. */
async function load<Modules>(...names: string[]): Promise<Modules & { hands: Hands }> {
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
  const hands: Hands = { beforeLoad: () => undefined, stores: 0 };
  const run = new Function("module", "exports", "$hands", outputFiles[0]!.text);
  run(module, module.exports, hands);
  return { ...(module.exports as Modules), hands };
}

/** Recorder and reader of rings. */
export function loadStepped(): Promise<Rings & { hands: Hands }> {
  return load("trace/entry", "trace/record", "trace/recorder", "trace/ring");
}

/** The trace of rare events. */
export function loadSteppedEvents(): Promise<typeof Events & { hands: Hands }> {
  return load("inspect/trace");
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

/**
 * What each task has had of its memory on XS beside what its `creation` gives it, and which
 * `creation` would do.
 */
import {
  type CompleteCreation,
  completeCreation,
  TABLES_BYTES,
} from "../../../src/manifest/creation.js";
import { DEFAULT_CREATION, SLOT_BYTES } from "../../../src/manifest/creation-keys.js";
import type { AppManifest } from "../manifest/read.js";
import type { TaskUsage } from "./run.js";

/** What a run has not met: other input, another order of deaths. */
const MARGIN = 1.25;
/** What figures are rounded up to. */
const SLOTS_STEP = 32;
const BYTES_STEP = 256;
const BLOCK_STEP = 1_024;

/** A `creation` for a task that needs what it has had here. Slots, and bytes. */
export interface Suggestion {
  readonly static: number;
  readonly chunk: { readonly initial: number };
  readonly heap: { readonly initial: number };
  readonly stack: number;
}

/** A row of the report: the usage of a task, over all files. */
export interface TaskReport extends TaskUsage {
  readonly creation: CompleteCreation;
  readonly suggestion: Suggestion;
}

function up(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/**
 * With a margin, rounded up. The stack is never less than the default: a recovery in a recovery
 * needs that, which a run without deaths does not show. `static` holds the three, one step of
 * growth of each pool, and tables.
 */
function suggest(usage: TaskUsage, creation: CompleteCreation): Suggestion {
  const stack = Math.max(DEFAULT_CREATION.stack, up(usage.stackSlots * MARGIN, SLOTS_STEP));
  const heap = up(usage.slots * MARGIN, SLOTS_STEP);
  const chunk = up(usage.chunkBytes * MARGIN, BYTES_STEP);
  const bytes =
    chunk +
    creation.chunk.incremental +
    (heap + creation.heap.incremental + stack) * SLOT_BYTES +
    TABLES_BYTES;
  return {
    static: up(bytes, BLOCK_STEP),
    chunk: { initial: chunk },
    heap: { initial: heap },
    stack,
  };
}

/** The most of what all files have shown of one task. */
function mostOf(name: string, usages: readonly TaskUsage[]): TaskUsage {
  const own = usages.filter((usage) => usage.name === name);
  const most = (key: "slots" | "chunkBytes" | "stackSlots"): number =>
    Math.max(0, ...own.map((usage) => usage[key]));
  return {
    name,
    lives: own.reduce((sum, { lives }) => sum + lives, 0),
    slots: most("slots"),
    chunkBytes: most("chunkBytes"),
    stackSlots: most("stackSlots"),
  };
}

/** A row for each task of the manifest that has run, in its order. */
export function reportTasks({ tasks }: AppManifest, usages: readonly TaskUsage[]): TaskReport[] {
  return tasks.flatMap(({ name, creation }) => {
    const usage = mostOf(name, usages);
    if (usage.lives === 0) return [];
    const complete = completeCreation(creation);
    return [{ ...usage, creation: complete, suggestion: suggest(usage, complete) }];
  });
}

/**
 * What `npm run verify -- --sample` takes of the stages: as much as CI has time for.
 */
import { seededRandom } from "../../../src/manager/supervise/random.js";
import type { Stage } from "./stages.js";

/** So many of them, each as likely as the others; all, where there are no more. */
export function someOf<T>(all: readonly T[], count: number, random: () => number): T[] {
  const left = [...all];
  const taken = Math.min(count, all.length);
  return Array.from({ length: taken }, () => left.splice(random() * left.length, 1)[0]!);
}

/** The stage as a sample of itself; the stage, where it says nothing of samples. */
export function sampleOf(stage: Stage, seed: number): Stage {
  const { words, env, sample } = stage;
  if (sample === undefined) return stage;
  const { parts = words.length } = sample;
  return {
    ...stage,
    words: someOf(words, parts, seededRandom(seed)),
    env: { ...env, ...sample.env },
  };
}

/** "KILLS=2000, 3 of 8: xs-chip/bands …": what a sample is, for the summary of CI. */
export function describeSample(stage: Stage, taken: Stage): string {
  const values = Object.entries(stage.sample?.env ?? {}).map(([name, value]) => `${name}=${value}`);
  if (taken.words.length === stage.words.length) return values.join(", ");
  const parts = `${taken.words.length} of ${stage.words.length}: ${taken.words.join(" ")}`;
  return [parts, ...values].join(", ");
}

/**
 * The sample that CI takes of the stages: repeated by its seed, other ones with other seeds, and
 * no part that no seed takes.
 */
import test from "tape";
import { describeSample, sampleOf } from "./sample.js";
import { type Stage, STAGES } from "./stages.js";

const STAGE: Stage = {
  name: "kills",
  title: "kills",
  words: ["a", "b", "c", "d"],
  env: { KILLS: "10000", MODES: "all" },
  sample: { parts: 2, env: { KILLS: "200" } },
};

test("verify --sample: parts and values of a stage, the same with the same seed", (t) => {
  const taken = sampleOf(STAGE, 7);
  t.equal(new Set(taken.words).size, 2, "two of its words");
  t.ok(taken.words.every((word) => STAGE.words.includes(word)));
  t.deepEqual(taken.env, { KILLS: "200", MODES: "all" });
  t.deepEqual(sampleOf(STAGE, 7), taken);
  const all = Array.from({ length: 50 }, (_, seed) => sampleOf(STAGE, seed).words).flat();
  t.equal(new Set(all).size, 4, "each word has its turn");
  t.equal(describeSample(STAGE, taken), `2 of 4: ${taken.words.join(" ")}, KILLS=200`);
  t.end();
});

test("verify --sample: a stage without a sample is taken whole", (t) => {
  const { sample: _, ...whole } = STAGE;
  t.equal(sampleOf(whole, 7), whole);
  t.end();
});

test("verify --sample: a stage has at least the parts that its sample takes", (t) => {
  for (const { name, words, sample } of STAGES) {
    t.ok((sample?.parts ?? 1) <= words.length, name);
  }
  t.end();
});

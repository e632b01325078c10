/**
 * The display loop on real XS: frames go on while the driver crashes, and no question is lost.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { bundle, complaintsIn } from "./bundle.js";
import { missing, run, THIRTY_TWO_BIT } from "./host.js";

const EXAMPLE = join(import.meta.dirname, "../../../examples/display-loop");
const FRAME = /^frame (\d+): .* · (\d+) answers · (\d+) crashes · (\d+) failures$/;

/** The numbers of each line: frames, answers, crashes, failures. */
function framesIn(stdout: string): number[][] {
  return stdout.split("\n").flatMap((line) => {
    const [, ...numbers] = FRAME.exec(line) ?? [];
    return numbers.length === 0 ? [] : [numbers.map(Number)];
  });
}

/** It runs for ever: two crashes and more answers than one life of the driver has are enough. */
function isEnough(stdout: string): boolean {
  const [, answers = 0, crashes = 0] = framesIn(stdout).at(-1) ?? [];
  return crashes > 1 && answers > 60;
}

test("display loop on XS: its main VM draws on while the driver crashes", async (t) => {
  const why = missing(THIRTY_TWO_BIT);
  if (why !== "") return t.skip(why);
  const all = await bundle({
    "display-loop": join(import.meta.dirname, "programs/display-loop.ts"),
    sensor: join(EXAMPLE, "sensor.ts"),
  });
  const { config } = JSON.parse(readFileSync(join(EXAMPLE, "manifest.json"), "utf8")) as {
    config: object;
  };
  const { signal, stdout, stderr } = await run({
    mode: THIRTY_TWO_BIT,
    bundle: all,
    main: "display-loop",
    config,
    preload: ["sensor"],
    isEnough,
  });
  all.remove();
  t.equal(signal, "SIGKILL", "it runs until it is ended");
  t.equal(complaintsIn(stderr), "", "XS has nothing to complain of");
  const frames = framesIn(stdout);
  const [count = 0, answers = 0, crashes = 0, failures = -1] = frames.at(-1) ?? [];
  t.ok(crashes > 1, `${crashes} crashes`);
  t.equal(failures, 0, "every question was answered");
  t.ok(answers > 60, `${answers} answers, more than one life of the driver has`);
  t.ok(count > answers, `${count} frames: some while nobody answered`);
  const isSteady = frames.every(([frame], i) => frame === (i + 1) * 15);
  t.ok(isSteady, "no frame is missing");
});

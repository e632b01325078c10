/**
 * Main on XS: plays the cases of the contract suite that `mc/config` names, and writes down what
 * they assert.
 */
import config from "mc/config";
import { exit } from "xs";
import type { Assert, ContractCase } from "../../../contract/board.js";
import { contractCases } from "../../../contract/index.js";
import { Stage } from "./board.js";
import { type Assertion, writeLine } from "./results.js";

function recorder(title: string): Assert {
  const record =
    (kind: Assertion["kind"]) =>
    (actual: unknown, expected: unknown, message: string): void => {
      trace(
        writeLine({ type: "assertion", title, assertion: { kind, actual, expected, message } }),
      );
    };
  return {
    equal: record("equal"),
    notEqual: record("notEqual"),
    deepEqual: record("deepEqual"),
    ok: (value, message) => record("ok")(value, true, message),
  };
}

let stage: Stage | null = null;

async function play(each: ContractCase): Promise<void> {
  const { title } = each;
  if (stage !== null && !stage.isUsable) {
    await stage.close();
    stage = null;
  }
  stage ??= new Stage();
  try {
    await stage.play(each, recorder(title));
    trace(writeLine({ type: "played", title }));
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    trace(writeLine({ type: "failed", title, why }));
    await stage.close();
    stage = null;
  }
}

async function playAll(titles: readonly string[]): Promise<void> {
  for (const title of titles) await play(contractCases.find((each) => each.title === title)!);
  await stage?.close();
  exit(0);
}

void playAll(config["titles"] as string[]);

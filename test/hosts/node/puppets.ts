/**
 * The contract suite's board on the Node host.
 *
 * Starting threads takes longer than most cases, so a board and its puppets play one case after the
 * other as long as those want the same limits.
 */
import type { Assert, ContractCase } from "../../contract/board.js";
import { settingOf, Stage } from "./stage.js";

let stage: Stage | null = null;

/** The same cases, those that can share a board one after the other. */
export function byBoard(cases: readonly ContractCase[]): ContractCase[] {
  const groups = new Map<string, ContractCase[]>();
  for (const each of cases) {
    const key = JSON.stringify(settingOf(each));
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flat();
}

/** Plays a case on the board of the one before, if that will do, else on a new one. */
export async function play(t: Assert, each: ContractCase): Promise<void> {
  const setting = settingOf(each);
  const key = JSON.stringify(setting);
  if (stage !== null && !stage.isFor(key)) await closeStage();
  stage ??= await Stage.open(key, setting);
  try {
    await stage.play(each, t);
  } catch (error) {
    await closeStage();
    throw error;
  }
}

/** Takes the last board away. */
export async function closeStage(): Promise<void> {
  const last = stage;
  stage = null;
  await last?.close();
}

/**
 * The contract suite on the Node host. A board and its threads take longer than most cases.
 */
import test from "tape";
import { contractCases } from "../../contract/index.js";
import { byBoard, closeStage, play } from "./puppets.js";

for (const each of byBoard(contractCases)) {
  test(each.title, (t) => play(t, each));
}

test("System: the board of the last case can be stopped", async (t) => {
  await closeStage();
  t.pass("it is gone");
});

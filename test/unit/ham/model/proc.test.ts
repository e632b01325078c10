/**
 * /proc/ham, as QNX shows it.
 */
import test from "tape";
import * as C from "../../../../src/ham/protocol/constants.js";
import { attach } from "../../../../src/ham/model/entities.js";
import { addFail } from "../../../../src/ham/model/conditions.js";
import { procTree } from "../../../../src/ham/model/proc.js";
import { log, restart, MAIN, Stage } from "../fake-task-control.js";

const EXPECTED = `\
ham
  Ham Pid           : 512
  Guardian Pid      : 0
  Ham Failures      : 0
  Guardian Failures : 0
  Num Entities      : 1
  Num Conditions    : 1
  Num Actions       : 2
ham/.global
  Path           : .global
  Entity Pid     : 0
  Num conditions : 0
  Entity type    : GLOBAL
  Enabled        : ON
  Created        : 0 ms
  Num Restarts   : 0
ham/inetd
  Path           : inetd
  Entity Pid     : 1025
  Num conditions : 1
  Entity type    : ATTACHED
  Enabled        : ON
  Created        : 7 ms
  Num Restarts   : 1
ham/inetd/death
  Path            : inetd/death
  Entity Pid      : 1025
  Num Actions     : 1
  Condition ReArm : ON
  Condition type  : CONDDEATH
  Enabled         : ON
ham/inetd/death/restart
  Path         : inetd/death/restart
  Entity Pid   : 1025
  Action ReArm : ON
  Enabled      : ON
  Restart Line : /usr/sbin/inetd -D
  On failure   : tell (log)
`;

test("proc: after QNX's addinet and one death", (t) => {
  const stage = new Stage();
  stage.board.time = 7;
  const entity = attach(stage.model, MAIN, "inetd", stage.board.run("inetd"), "", 0);
  const death = stage.condition(entity, C.CONDDEATH, "death", C.HREARMAFTERRESTART);
  const line = restart("/usr/sbin/inetd -D");
  const action = stage.action(death, "restart", line, C.HREARMAFTERRESTART);
  addFail(stage.model, MAIN, action, "tell", log("cannot"), 0);
  stage.end("inetd");
  stage.start("inetd");
  t.equal(stage.tree(), EXPECTED, "as text");
  const tree = procTree(stage.model);
  const names = tree.children.map(({ name, children }) => [name, children.length]);
  t.deepEqual(
    names,
    [
      [".global", 0],
      ["inetd", 1],
    ],
    "as data",
  );
  t.end();
});

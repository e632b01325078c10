/**
 * Recovery in stages: when the driver dies, start it again, wait until its service is there, and
 * only then have the file system mounted again that hung on it. Should the service not come in
 * time, say so, and do not go on.
 */
import { name_attach } from "reattach";
import {
  CONDDEATH,
  HACTIONBREAKONFAIL,
  HACTIONKEEPONFAIL,
  ham_action_execute,
  ham_action_fail_log,
  ham_action_restart,
  ham_action_waitfor,
  ham_condition,
  ham_entity_handle,
  HCONDINDEPENDENT,
  HREARMAFTERRESTART,
} from "reattach/ham";
import { must } from "must";
import { stay } from "stay";

const KEPT = HREARMAFTERRESTART;
const WAIT_MS = 10_000;

export function main(): void {
  // Every task of the manifest is an entity. This one has no restart policy of its own.
  const driver = must(ham_entity_handle(0, "driver", 0), "entity");
  const flags = KEPT | HCONDINDEPENDENT;
  const death = must(ham_condition(driver, CONDDEATH, "death", flags), "condition");
  must(ham_action_restart(death, "restart", "driver", KEPT), "restart");
  const broken = KEPT | HACTIONBREAKONFAIL | HACTIONKEEPONFAIL;
  const wait = must(ham_action_waitfor(death, "wait", "socket", WAIT_MS, broken), "waitfor");
  must(ham_action_fail_log(wait, "late", "the driver does not come up", 0, 0, 0), "fail list");
  must(ham_action_execute(death, "remount", "remount", KEPT), "execute");
  // The driver depends on this task, whose manifest says that it is ready when "plan" is there: a
  // driver that died sooner would find nobody who starts it again.
  must(name_attach(null, "plan", 0), "plan");
  stay();
}

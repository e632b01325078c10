/**
 * QNX's simple restart: attaches "inetd", started by the manager, and has it started again whenever
 * it dies. Without HREARMAFTERRESTART that would happen once.
 */
import {
  CONDDEATH,
  ham_action_restart,
  ham_attach,
  ham_condition,
  HREARMAFTERRESTART,
} from "reattach/ham";
import { must } from "must";
import { stay } from "stay";

/** A module of the manifest, and after a blank its arguments, where QNX has a command line. */
const LINE = 'inetd {"port":21}';

export function main(): void {
  const entity = must(ham_attach("inetd", 0, -1, LINE, 0), "ham_attach");
  const death = must(ham_condition(entity, CONDDEATH, "death", HREARMAFTERRESTART), "condition");
  must(ham_action_restart(death, "restart", LINE, HREARMAFTERRESTART), "action");
  stay();
}

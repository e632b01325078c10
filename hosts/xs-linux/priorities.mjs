/**
 * May a process here have strict priorities (--priorities), on one core?
 */
import { spawnSync } from "node:child_process";

/** What runs a program on one core. Both commands are in Debian's util-linux. */
export const ON_ONE_CORE = ["taskset", "--cpu-list", "0"];
/** Above all that the program takes. */
const PRIORITY = "40";

/** Why not, in words, or "". */
export function whyNoPriorities() {
  const { error, status } = spawnSync("taskset", [
    "--cpu-list",
    "0",
    "chrt",
    "--rr",
    PRIORITY,
    "true",
  ]);
  if (error) return "taskset and chrt are not installed (Debian: util-linux)";
  return status === 0 ? "" : "this process may not set priorities: it needs CAP_SYS_NICE";
}

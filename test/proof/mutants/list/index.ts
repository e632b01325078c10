/**
 * All mutants.
 */
import type { Mutant } from "../mutant.js";
import { MUTANTS as death } from "./death.js";
import { MUTANTS as life } from "./life.js";
import { MUTANTS as limit } from "./limit.js";
import { MUTANTS as message } from "./message.js";
import { MUTANTS as native } from "./native.js";
import { MUTANTS as net } from "./net.js";
import { MUTANTS as recovery } from "./recovery.js";
import { MUTANTS as reply } from "./reply.js";
import { MUTANTS as service } from "./service.js";
import { MUTANTS as table } from "./table.js";
import { MUTANTS as tick } from "./tick.js";
import { MUTANTS as trace } from "./trace.js";
import { MUTANTS as wait } from "./wait.js";

export const MUTANTS: readonly Mutant[] = [
  ...message,
  ...reply,
  ...limit,
  ...death,
  ...table,
  ...wait,
  ...tick,
  ...recovery,
  ...life,
  ...native,
  ...trace,
  ...service,
  ...net,
];

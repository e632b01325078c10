/** All cases, by what they are about. */
import { abortCases } from "./abort.mjs";
import { linkCases } from "./link.mjs";
import { memoryCases } from "./memory.mjs";
import { moduleCases } from "./modules.mjs";
import { optionCases } from "./options.mjs";
import { terminateCases } from "./terminate.mjs";
import { waitCases } from "./waits.mjs";
import { workerCases } from "./worker.mjs";

/** @type {readonly import("./run.mjs").Case[]} */
export const cases = [
  ...optionCases,
  ...moduleCases,
  ...linkCases,
  ...workerCases,
  ...terminateCases,
  ...memoryCases,
  ...waitCases,
  ...abortCases,
];

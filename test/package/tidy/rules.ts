/** All tidy rules, in the order in which they are tested. */
import { DOOR_RULES } from "./door.js";
import { IMPORT_RULES } from "./imports.js";
import { KERNEL_RULES } from "./kernel.js";
import { SHAPE_RULES } from "./shape.js";
import type { Rule } from "./source.js";
import { TEXT_RULES } from "./text.js";
import { WORD_RULES } from "./words.js";

export const RULES: readonly Rule[] = [
  ...DOOR_RULES,
  ...IMPORT_RULES,
  ...KERNEL_RULES,
  ...SHAPE_RULES,
  ...TEXT_RULES,
  ...WORD_RULES,
];

/**
 * Writes layout.h: the numbers of the TypeScript sources that the C of this folder works with.
 *
 *     node --import tsx hosts/moddable/native/layout.mjs
 *
 * The header is kept in the repository, since a board is built from the package alone; a test says
 * when it is not what this writes.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as layout from "../../../src/arena/layout.ts";
import { _NTO_MI_UNBLOCK_REQ } from "../../../src/arena/records.ts";
import { _NTO_CHF_FIXED_PRIORITY } from "../../../src/kernel/channel/channel.ts";
import { RAISES_MAX } from "../../../src/kernel/channel/priority.ts";
import { _NTO_SIDE_CHANNEL } from "../../../src/kernel/connection/connection.ts";
import * as errno from "../../../src/kernel/errno.ts";
import {
  RENOTIFY_MAX,
  RENOTIFY_MS,
  RENOTIFY_STEP,
  SLICE_MS,
  SPIN_MIN,
  SPIN_REST_MAX,
  SPIN_REST_MIN,
  SPIN_TRY,
} from "../../../src/kernel/task/doorbell.ts";
import { PRIORITY_MAX, PRIORITY_MIN } from "../../../src/kernel/task/task.ts";
import * as ring from "../../../src/kernel/trace/ring.ts";

/** By the file that they stand in. */
const SOURCES = {
  "src/arena/layout.ts, values.ts, stage.ts": layout,
  "src/arena/records.ts": { _NTO_MI_UNBLOCK_REQ },
  "src/kernel/channel/channel.ts": { _NTO_CHF_FIXED_PRIORITY },
  "src/kernel/channel/priority.ts": { RAISES_MAX },
  "src/kernel/connection/connection.ts": { _NTO_SIDE_CHANNEL },
  "src/kernel/errno.ts": errno,
  "src/kernel/task/doorbell.ts": {
    SLICE_MS,
    RENOTIFY_MAX,
    RENOTIFY_MS,
    RENOTIFY_STEP,
    SPIN_MIN,
    SPIN_TRY,
    SPIN_REST_MIN,
    SPIN_REST_MAX,
  },
  "src/kernel/task/task.ts": { PRIORITY_MAX, PRIORITY_MIN },
  "src/kernel/trace/ring.ts": ring,
};

/** A whole number that C's int32_t, or uint32_t, holds. */
function isWord(value) {
  return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32;
}

/** C's spelling: a name of ours, and a constant of its type. */
function define([name, value]) {
  const text = value >= 2 ** 31 ? `${value}u` : String(value);
  return `#define L_${name.replace(/^_+/, "")} ${text}`;
}

/** The text of layout.h. */
export function layoutHeader() {
  const sections = Object.entries(SOURCES).map(([file, numbers]) => {
    const lines = Object.entries(numbers).filter(([, value]) => isWord(value));
    return `\n/* ${file} */\n${lines.map(define).join("\n")}\n`;
  });
  return `/*
 * The numbers of the TypeScript sources. Written by layout.mjs: do not change them here.
 */
#ifndef REATTACH_LAYOUT_H
#define REATTACH_LAYOUT_H
${sections.join("")}
#endif
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("layout.h", import.meta.url), layoutHeader());
}

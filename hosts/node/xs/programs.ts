/**
 * What is put beside an application to test it on XS, as text: a main module that starts the board,
 * and the program of one task more, which runs the tests of a file. What they tell are lines of
 * their own in what the process writes.
 */

/** Of the task that runs the tests. */
export const TEST_TASK = "xs-tests";
export const MAIN_MODULE = "reattach-xs-main";
export const TASK_MODULE = "reattach-xs-tests";
/** Of the test host: what only these two import. */
export const HOST_MODULE = "xs";

/**
 * What the task throws when all its tests have run. The manager hears of this death after those
 * that were before it, so none is missed; a task that returns is not told of.
 */
const END = "the tests have ended";

/** In front of what they tell. */
export const TOLD = "@reattach ";

export const MAIN_SOURCE = `import { boot } from "reattach/moddable";
import { exit } from "xs";
export default function main() {
  const system = boot();
  system.on("death", ({ name, cause, text }) => {
    if (name === "${TEST_TASK}" && text.includes("${END}")) exit(0);
    trace(\`${TOLD}\${JSON.stringify({ death: name, cause, text })}\\n\`);
    if (name === "${TEST_TASK}") exit(0);
  });
  system.start();
}
`;

/** The program of the task; `module` exports `tests`. */
export function taskSource(module: string): string {
  return `import { chunkBytes, collect, enableCollections, slots } from "xs";
import { tests } from ${JSON.stringify(module)};
const shown = (value) => typeof value === "string" ? JSON.stringify(value) : String(value);
const context = Object.freeze({
  equal(actual, expected, what = "") {
    if (Object.is(actual, expected)) return;
    const front = what === "" ? "" : what + ": ";
    throw new Error(front + "found " + shown(actual) + ", expected " + shown(expected));
  },
  ok(value, what = "") {
    if (!value) throw new Error((what === "" ? "" : what + ": ") + "found " + shown(value));
  },
  allocated(work) {
    collect();
    enableCollections(false);
    try {
      const before = slots();
      const bytesBefore = chunkBytes();
      work();
      const after = slots();
      const bytesAfter = chunkBytes();
      return { slots: after - before, chunkBytes: bytesAfter - bytesBefore };
    } finally {
      enableCollections(true);
    }
  },
});
const tell = (told) => trace(${JSON.stringify(TOLD)} + JSON.stringify(told) + "\\n");
function messageOf(title) {
  try {
    const result = tests[title](context);
    if (result instanceof Promise) return "it returns a promise, but nothing waits for it here";
    return null;
  } catch (error) {
    return String(error?.stack ?? error);
  }
}
export function main() {
  const titles = Object.keys(tests);
  tell({ titles });
  for (const title of titles) tell({ title, message: messageOf(title) });
  tell({ end: true });
  throw new Error(${JSON.stringify(END)});
}
`;
}

/**
 * A timer of Node.js may be early by a part of a millisecond.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "tape";

const BOARD = fileURLToPath(new URL("./early-timer-process.ts", import.meta.url));

test("restart: what is planned keeps the process alive, also if a timer is early", async (t) => {
  const node = [process.execPath, ["--import", "tsx", BOARD]] as const;
  const { stdout } = await promisify(execFile)(...node);
  t.equal(stdout, "started again and again\n");
});

/**
 * The examples of docs/manager.md do what it says.
 */
import test from "tape";
import { play } from "./play.js";

test("examples/manager/simple-restart: the server is started again every time", async (t) => {
  const { lines, deaths } = await play("manager/simple-restart");
  t.deepEqual(
    lines,
    [
      ...[1, 2, 3, 4].map((life) => `inetd: life ${life}, port 21`),
      "done: started again every time",
    ],
    "with its arguments",
  );
  t.equal(deaths.length, 3, "three deaths");
});

test("examples/manager/heartbeat: a worker that stops beating is replaced", async (t) => {
  const { lines, deaths } = await play("manager/heartbeat");
  t.deepEqual(
    lines,
    [
      "worker: runs",
      "the worker has missed a beat",
      "the worker hangs",
      "done: the worker runs again",
    ],
    "the low mark, then the high one",
  );
  t.equal(deaths.length, 1, "one death");
});

test("examples/manager/multistage: stage by stage, after each crash", async (t) => {
  const { lines } = await play("manager/multistage");
  t.deepEqual(
    lines,
    [
      "remount: socket is there",
      "remount: socket is there",
      "done: mounted again after each crash",
    ],
    "never before the service is there",
  );
});

/**
 * Main on the chip: boots the board of "mc/config". With `idle_ms` it then tells how many ticks the
 * manager has had in so much time, and how long the processor has worked for them; with `kills` it
 * kills the server so many times, and the client tells.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { busy, exit } from "xs";
import { MARK } from "./results.js";

/** Longer than anything takes that is done once. */
const SETTLED_MS = 3_000;
/**
 * Between two kills: the client has had its answer, and a standby is there again. Ten of them come
 * at each place between two ticks of the manager.
 */
const KILL_MS = 701;

const { idle_ms = 0, kills = 0 } = config as { idle_ms?: number; kills?: number };
const system = boot();
let before = 0;
let left = kills;

system.on("death", ({ name, cause }) => {
  if (cause !== "killed") trace(`${name} died: ${cause}\n`);
});
system.start();

if (idle_ms > 0) {
  Timer.set(() => (before = busy()), SETTLED_MS);
  Timer.set(() => {
    trace(`${MARK}${JSON.stringify({ busy_ns: busy() - before })}\n`);
    exit(0);
  }, SETTLED_MS + idle_ms);
}

if (kills > 0) {
  Timer.repeat(() => {
    if (left-- > 0) void system.kill("server");
  }, KILL_MS);
}

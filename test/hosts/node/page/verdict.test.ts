/**
 * The verdict of the page: what is red, what is amber, and what is nothing to worry about.
 */
import test from "tape";
import { momentAt } from "../../../../hosts/node/page/model/moment.js";
import { troublesAt } from "../../../../hosts/node/page/model/troubles.js";
import { verdictOn } from "../../../../hosts/node/page/model/verdict.js";
import { type Doing, Play, type Scene } from "./play.js";

function judge(play: Play, ms = play.ms) {
  const moment = momentAt(play.recording, ms)!;
  const troubles = troublesAt(moment, play.recording.failedReloadAt(ms));
  return verdictOn(moment, troubles, play.recording.incidents.lastHealed(ms));
}

/** Both are at work: the counters of a task that receives grow with each frame. */
function busy(play: Play, name: string, scene: Scene, duration_ms: number): Play {
  for (let shown = 0; shown < duration_ms; shown += 200) {
    play.show({ ...scene, counters: { [name]: { received: play.ms } } }, 200);
  }
  return play;
}

test("verdict: a board on which nothing has happened is well", (t) => {
  const { level, head, because } = judge(new Play().show({}, 1000));
  t.equal(level, "well");
  t.equal(head, "All well");
  t.equal(because, "3 of 3 tasks are up; nothing has died yet");
  t.end();
});

test("verdict: a death that is over within 500 ms leaves it at All well, and is told", (t) => {
  const play = new Play().show({}, 1000).kill("sensor");
  play.show({ doing: { sensor: "DEAD" } }, 400).tell({ what: "ready", task: "sensor", pid: 99 });
  t.equal(judge(play).level, "well", "while it is dead");
  play.tell({
    what: "recovered",
    task: "station",
    coid: 0,
    service: "sensor",
    serverPid: 99,
    took_ms: 400,
  });
  play.show({}, 200);
  const { level, because } = judge(play);
  t.equal(level, "well");
  t.ok(
    because.endsWith(
      "last: sensor killed 0.6 s ago, back after 0.4 s, station recovered within 0.4 s",
    ),
    because,
  );
  t.end();
});

test("verdict: a save that is not in use is amber until it is mended", (t) => {
  const files = ["/app/sensor.ts"];
  const play = new Play().show({}, 1000);
  play.tell({ what: "reload", files, step: "compiled", tasks: ["sensor"], took_ms: 20 });
  play.tell({ what: "reload", files, step: "failed", text: "sensor.ts:1:7: TS2322: no\nmore" });
  play.tell({ what: "reload", files, step: "replaced", tasks: ["sensor"], took_ms: 90 });
  play.show({}, 1000);
  const { level, head, because, announcement } = judge(play);
  t.deepEqual([level, head], ["warn", "The old code runs on"], "also when another one is replaced");
  t.equal(because, "Since 1.0 s: sensor.ts:1:7: TS2322: no");
  t.equal(announcement, "main runs the old code");
  play.tell({ what: "reload", files, step: "mended" }).show({}, 200);
  t.equal(judge(play).head, "All well");
  t.equal(judge(play, 1500).head, "The old code runs on", "and then it did");
  t.end();
});

test("verdict: dead is amber from 500 ms, and red from a second on", (t) => {
  const play = new Play().show({}, 1000).kill("sensor");
  const dead: Scene = { doing: { sensor: "DEAD", station: ["RECOVERING", "sensor"] } };
  play.show(dead, 600);
  const early = judge(play);
  t.equal(early.level, "warn");
  t.equal(early.head, "sensor has been dead for 0.6 s");
  t.ok(early.because.includes("killed: ended from outside; station is recovering"), early.because);
  play.show(dead, 600);
  t.equal(judge(play).level, "bad");
  t.end();
});

test("verdict: a server that does not answer is blamed, not its clients", (t) => {
  const waits: Scene = { doing: { station: ["SEND", "sensor"], display: ["REPLY", "station"] } };
  const play = new Play().show({}, 2000).show(waits, 600);
  const { level, head, because } = judge(play);
  t.equal(level, "warn");
  t.equal(head, "sensor has received nothing for 0.6 s");
  t.ok(because.endsWith("station and display wait for it"), because);
  play.show(waits, 600);
  t.equal(judge(play).level, "bad", "red from a second on");
  t.equal(judge(play).announcement, "sensor does not answer");
  t.end();
});

test("verdict: a server that receives is overloaded, not silent", (t) => {
  const waits: Scene = { doing: { station: ["SEND", "sensor"], sensor: "RUNNING" } };
  const play = busy(new Play().show({}, 1000), "sensor", waits, 1400);
  const { level, head, announcement } = judge(play);
  t.equal(level, "warn");
  t.equal(head, "station has waited 1.4 s for sensor");
  t.equal(announcement, "sensor is overloaded");
  t.end();
});

test("verdict: a server that recovers is not blamed for its own clients", (t) => {
  const play = new Play().show({}, 1000).kill("sensor");
  const doing: Record<string, Doing> = {
    sensor: "DEAD",
    station: ["RECOVERING", "sensor"],
    display: ["SEND", "station"],
  };
  const { head, because } = judge(play.show({ doing }, 2000));
  t.equal(head, "sensor has been dead for 2.0 s", "and it is one trouble");
  t.ok(because.endsWith("station is recovering"), because);
  t.end();
});

test("verdict: tasks that wait for each other are a deadlock, with those behind it", (t) => {
  const doing: Record<string, Doing> = {
    sensor: ["SEND", "station"],
    station: ["SEND", "sensor"],
    display: ["SEND", "station"],
  };
  const play = new Play().show({}, 1000).show({ doing }, 400);
  const { level, head, because } = judge(play);
  t.equal(level, "bad");
  t.equal(head, "Deadlock for 0.4 s: sensor → station → sensor");
  t.equal(because, "Since 1.0 s: display waits behind it");
  t.end();
});

test("verdict: held is amber, hung is red after a second", (t) => {
  const held = new Play().show({}, 1000).kill("display");
  held.show({ doing: { display: "HELD" }, rows: { display: { isHeld: true } } }, 2000);
  t.equal(judge(held).level, "warn");
  t.equal(judge(held).head, "display is held, dead for 2.0 s");
  const hung: Scene = { doing: { sensor: "HUNG", station: ["SEND", "sensor"] } };
  const play = new Play().show({}, 1000).show(hung, 1200);
  t.equal(judge(play).level, "bad");
  t.ok(judge(play).because.includes("it was made to hang; station waits for it"));
  t.end();
});

test("verdict: a look that nobody took does not begin a state anew", (t) => {
  const hung: Scene = { doing: { sensor: "HUNG" } };
  const play = new Play().show({}, 1000).show(hung, 1000);
  play.show({ doing: { sensor: "UNKNOWN" }, rows: { sensor: { state: "HUNG" } } }, 200);
  t.equal(judge(play.show(hung, 200)).head, "sensor has been hung for 1.4 s");
  t.end();
});

test("verdict: a task in a debugger is blamed for nothing", (t) => {
  const waits: Scene = { doing: { sensor: "PAUSED", station: ["SEND", "sensor"] } };
  const { level, because } = judge(new Play().show({}, 1000).show(waits, 2000));
  t.equal(level, "well");
  t.ok(because.includes("sensor in a debugger"), because);
  t.end();
});

test("verdict: the page looks back: at a moment before the death all was well", (t) => {
  const play = new Play()
    .show({}, 2000)
    .kill("sensor")
    .show({ doing: { sensor: "DEAD" } }, 2000);
  t.equal(judge(play).level, "bad");
  t.equal(judge(play, 1500).level, "well");
  t.end();
});

test("verdict: what was down before a restart of the board is not down after it", (t) => {
  const play = new Play()
    .show({}, 1000)
    .kill("sensor")
    .show({ doing: { sensor: "DEAD" } }, 2000);
  play.tell({ what: "reboot", text: "asked" }).show({}, 400);
  t.equal(judge(play).level, "well");
  t.end();
});

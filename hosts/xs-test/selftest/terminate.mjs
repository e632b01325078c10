/** terminate(): what an ESP32 would break is reported instead. */

const main = (body) => `import Worker from "worker"; import Timer from "timer";\n${body}`;
const shared = `const words = new Int32Array(new SharedArrayBuffer(16));`;

/** Sleeps in Atomics.wait, and says so before. */
const sleeper = `self.onmessage = (words) => {
  Atomics.store(words, 1, 1); Atomics.wait(words, 0, 0);
  self.postMessage("woken"); };`;
/** main that starts the worker and, once it sleeps, does something. */
const whenAsleep = (act) =>
  main(`${shared} const w = new Worker("$DIR/w"); w.postMessage(words);
    w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); };
    Timer.repeat((id) => {
      if (Atomics.load(words, 1) !== 1) return;
      Timer.clear(id);
      Timer.set(() => { ${act} }, 20);
    }, 1);`);

export const terminateCases = [
  {
    title: "terminate: a worker asleep in Atomics.wait ends the run, 44",
    files: { "main.mjs": whenAsleep("w.terminate();"), "w.mjs": sleeper },
    code: 44,
    stderr: /terminate: .*\/w was asleep in Atomics\.wait/,
  },
  {
    title: "terminate: a worker that was woken first may be terminated",
    files: { "main.mjs": whenAsleep("Atomics.notify(words, 0);"), "w.mjs": sleeper },
    stdout: "woken\n",
  },
  {
    title: "terminate=wait: waits for a worker that sleeps, as the Linux simulator",
    files: {
      "main.mjs": whenAsleep(`w.onmessage = undefined; w.terminate(); trace("ended\\n");`),
      "w.mjs": sleeper.replace("0, 0)", "0, 0, 300)"),
    },
    args: ["--terminate=wait"],
    stdout: "ended\n",
  },
  {
    title: "terminate: stops JavaScript that runs, and a Timer.delay",
    files: {
      "main.mjs": main(`for (const how of ["loop", "delay"]) {
          const w = new Worker("$DIR/w"); w.postMessage(how); Timer.delay(30); w.terminate();
          trace(how, "\\n");
        }`),
      "w.mjs": `import Timer from "timer";
        self.onmessage = (how) => { if (how === "delay") Timer.delay(1e8); for (;;); };`,
    },
    stdout: "loop\ndelay\n",
  },
  {
    title: "terminate: messages of the worker that are still queued end the run, 45",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); w.postMessage(1); Timer.delay(100);
        w.terminate();`),
      "w.mjs": `self.onmessage = () => self.postMessage(1);`,
    },
    code: 45,
    stderr: /messages of .*\/w were still queued in .*main/,
  },
  {
    title: "terminate: messages to the worker that are still queued are dropped",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); w.postMessage(1); w.postMessage(2);
        Timer.delay(30); w.terminate(); trace("ended\\n");`),
      "w.mjs": `import Timer from "timer"; self.onmessage = () => Timer.delay(1e8);`,
    },
    stdout: "ended\n",
  },
  {
    title: "terminate: a worker that is blocked in new Worker ends the run, 44",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); w.postMessage(1); Timer.delay(100);
        w.terminate();`),
      "w.mjs": main(`self.onmessage = () => new Worker("$DIR/v");`),
      "v.mjs": `import Timer from "timer"; Timer.delay(1e8);`,
    },
    code: 44,
    stderr: /was blocked in new Worker/,
  },
  {
    title: "park: sleeps until terminated",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); w.postMessage(1); Timer.delay(30);
        w.terminate(); trace("ended\\n");`),
      "w.mjs": `import { park } from "reattach/moddable/native";
        self.onmessage = () => { park(); trace("never\\n"); };`,
    },
    stdout: "ended\n",
  },
];

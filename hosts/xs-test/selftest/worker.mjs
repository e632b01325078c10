/** Worker: what counts among its options, when it returns and throws, messages, self. */

const main = (body) =>
  `import Worker from "worker"; import Timer from "timer"; import * as xs from "xs";\n${body}`;

/** A worker that tells how its memory is. */
const teller = `import { ram, slots } from "xs"; import Timer from "timer";
  self.onmessage = (it) => self.postMessage({ it, ram: ram(), slots: slots() });`;

export const workerCases = [
  {
    title: "Worker: returns after the body of its module, and the default export, have run",
    files: {
      "main.mjs": main(`new Worker("$DIR/w").terminate(); trace("main\\n");`),
      "w.mjs": `trace("body\\n"); export default () => trace("default\\n");`,
    },
    stdout: "body\ndefault\nmain\n",
  },
  {
    title: "Worker: throws when the body throws, and says on stderr what",
    files: {
      "main.mjs": main(
        `try { new Worker("$DIR/w"); } catch (error) { trace(error.message, "\\n"); }`,
      ),
      "w.mjs": `throw new RangeError("of mine");`,
    },
    stdout: "unable to instantiate worker\n",
    stderr: /no worker .*\/w: RangeError: of mine[^]*w\.mjs:1/,
  },
  {
    title: "Worker: throws when there is no such module",
    files: { "main.mjs": main(`try { new Worker("none"); } catch { trace("no\\n"); }`) },
    stdout: "no\n",
    stderr: /module "none" not found/,
  },
  {
    title: "postMessage: both ways, in order, objects by value and shared memory by reference",
    files: {
      "main.mjs":
        main(`const w = new Worker("$DIR/w"), a = new Int32Array(new SharedArrayBuffer(8));
        w.onmessage = (m) => {
          trace(JSON.stringify(m), "\\n");
          if (m.n === 3) { w.terminate(); w.terminate(); trace(a[0], "\\n"); }
        };
        for (let n = 1; n <= 3; n++) w.postMessage({ n, a });`),
      "w.mjs": `self.onmessage = ({ n, a }) => { a[0] += n; self.postMessage({ n }); };`,
    },
    stdout: `{"n":1}\n{"n":2}\n{"n":3}\n6\n`,
  },
  {
    title: "postMessage: undefined is not delivered",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w");
        w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); };
        w.postMessage(undefined); w.postMessage(7);`),
      "w.mjs": `self.onmessage = (m) => self.postMessage(m);`,
    },
    stdout: "7\n",
  },
  {
    title: "postMessage: what is preloaded is passed as it is",
    files: {
      "map.json": `{"lib": "$DIR/lib.js"}`,
      "lib.js": `export const o = Object.freeze({ f: () => 7 });`,
      "main.mjs": main(`import { o } from "lib"; const w = new Worker("$DIR/w");
        w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); }; w.postMessage({ o });`),
      "w.mjs": `import { o } from "lib";
        self.onmessage = (m) => self.postMessage(m.o === o && m.o.f());`,
    },
    args: ["--modules=$DIR/map.json", "--preload=lib"],
    stdout: "7\n",
  },
  {
    title: "postMessage: throws after terminate",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); w.terminate();
        try { w.postMessage(1); } catch (error) { trace(error.message, "\\n"); }`),
      "w.mjs": "",
    },
    stdout: "worker terminated\n",
  },
  {
    title: "self.close: ends the worker after the messages before it",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); w.onmessage = (m) => trace(m, "\\n");
        w.postMessage(1);`),
      "w.mjs": `self.onmessage = (m) => { self.postMessage(m); self.close(); };`,
    },
    stdout: "1\n",
  },
  {
    title: "Worker: a worker may have workers, which end with it",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w");
        w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); };`),
      "w.mjs": main(
        `const v = new Worker("$DIR/v"); v.onmessage = (m) => self.postMessage(m + 1);`,
      ),
      "v.mjs": `import Timer from "timer"; Timer.set(() => self.postMessage(1));`,
    },
    stdout: "2\n",
  },
  {
    title: "Worker: static is its RAM; a plain number for chunk or heap changes nothing",
    files: {
      "creation.json": `{"static": 40000, "chunk": {"initial": 1536, "incremental": 512},
        "heap": {"initial": 64, "incremental": 64}, "stack": 256,
        "keys": {"initial": 8, "incremental": 8, "name": 61, "symbol": 17}}`,
      "main.mjs": main(`const rams = [];
        const tell = (options) => {
          const w = new Worker("$DIR/w", options);
          w.onmessage = ({ ram }) => {
            rams.push(ram); w.terminate();
            if (rams.length < 4) return tell([, { static: 24000 }, { chunk: 9999, heap: 9999 },
              { keys: { initial: 108 } }][rams.length]);
            const more = rams.map((it) => it - rams[0]);
            trace(more.slice(0, 3), " ", more[3] === 400 || more[3] === 800, "\\n");
          };
          w.postMessage(1);
        };
        tell(undefined);`),
      "w.mjs": teller,
    },
    args: ["--creation=$DIR/creation.json"],
    stdout: "0,-16000,0 true\n",
  },
  {
    title: "Worker: keys.name and keys.symbol must be the application's",
    files: {
      "main.mjs": main(`try { new Worker("$DIR/w", { keys: { name: 5 } }); }
        catch (error) { trace(error.name, "\\n"); }`),
      "w.mjs": "",
    },
    stdout: "RangeError\n",
  },
  {
    title: "Worker: created and terminated 500 times",
    files: {
      "main.mjs": main(`let n = 0;
        const creation = { static: 24000, chunk: { initial: 1536, incremental: 512 },
          heap: { initial: 64, incremental: 32 }, stack: 96, keys: { initial: 16 } };
        const next = () => {
          const w = new Worker("$DIR/w", creation);
          w.onmessage = (m) => { w.terminate(); if (++n < 500) next(); else trace(n, "\\n"); };
          w.postMessage(n);
        };
        next();`),
      "w.mjs": `self.onmessage = (m) => self.postMessage(m);`,
    },
    stdout: "500\n",
  },
  {
    title: "queue: a sender to itself that finds it full ends the run, 47",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w");
        for (let n = 0; n < 5; n++) w.postMessage(n);`),
      "w.mjs": `import Timer from "timer"; self.onmessage = () => Timer.delay(100000);`,
    },
    args: ["--queue=3"],
    code: 47,
    stderr: /the queue of .*\/w is full \(3 messages\): on a board main is blocked for ever/,
  },
  {
    title: "queue: a sender waits for a receiver that is slow",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w"); let n = 0;
        w.onmessage = (m) => { if (m === 19) { trace(m, "\\n"); w.terminate(); } };
        Timer.repeat((id) => { w.postMessage(n); if (++n === 20) Timer.clear(id); }, 1);`),
      "w.mjs": `import Timer from "timer";
        self.onmessage = (m) => { Timer.delay(4); if (m === 19) self.postMessage(m); };`,
    },
    args: ["--queue=2"],
    stdout: "19\n",
  },
  {
    title: "trace: one call is one write, whoever else writes",
    files: {
      "main.mjs": main(`let n = 0;
        const more = () => { if (++n === 4) trace("end\\n"); };
        for (let i = 0; i < 4; i++) {
          const w = new Worker("$DIR/w");
          w.onmessage = (bad) => { w.terminate(); more(); };
          w.postMessage(i);
        }`),
      "w.mjs": `self.onmessage = (i) => { for (let n = 0; n < 200; n++) trace("", "x", "x", "");
        self.postMessage(0); };`,
    },
    stdout: `${"xx".repeat(800)}end\n`,
  },
  {
    title: "messages that wait are all delivered before the next timer, as on a board",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w");
        w.onmessage = (n) => {
          trace(n, "\\n");
          if (n > 1) return;
          Timer.set(() => { trace("timer\\n"); w.terminate(); }, 1);
          Timer.delay(5);
        };
        w.postMessage(1); Timer.delay(30);`),
      "w.mjs": `self.onmessage = () => { for (let n = 1; n <= 3; n++) self.postMessage(n); };`,
    },
    stdout: "1\n2\n3\ntimer\n",
  },
];

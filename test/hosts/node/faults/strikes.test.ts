/**
 * What each fault does to tasks in real threads.
 */
import test from "tape";
import { UsageError } from "reattach/node";
import { clientOf, Lab, SERVER } from "./lab.js";

/** Far more than there is time for. */
const ENDLESS = 1_000_000_000;

/** A server, and a client that talks to it all the time. */
const BUSY = { server: SERVER, client: clientOf({ pause_ms: 1, rounds: ENDLESS }) };

/** How long each pair of a put and a get took, in their order. */
function tookIn(lab: Lab): number[] {
  return lab
    .said("client")
    .flatMap((line) => / took (\d+)$/.exec(line)?.[1] ?? [])
    .map(Number);
}

test("kill, memory, throw: each is the death that it says", async (t) => {
  const lab = await Lab.open(BUSY);
  try {
    for (const [kind, cause, text] of [
      ["kill", "killed", /ended from outside/],
      ["memory", "memory", /memory/],
      ["throw", "throw", /an injected fault/],
    ] as const) {
      await lab.until(() => lab.system.isRunning("server"));
      const before = lab.deaths.length;
      const pid = lab.pidOf("server");
      t.ok(lab.faults.strike(`${kind}:server`), `${kind} strikes`);
      await lab.until(() => lab.deaths.length > before);
      const death = lab.deaths.at(-1)!;
      t.deepEqual([death.pid, death.cause], [pid, cause], kind);
      t.match(death.text, text);
      t.ok(lab.faults.hasStruck("server", pid), "it is known as injected");
      const answered = tookIn(lab).length;
      await lab.until(() => tookIn(lab).length > answered + 2);
    }
    t.notOk(
      lab.said("client").some((line) => /: -/.test(line)),
      "its client has not noticed",
    );
    t.deepEqual(lab.strikes, [
      "kill:server: server",
      "memory:server: server",
      "throw:server: server",
    ]);
    t.notOk(
      lab.faults.hasStruck("server", lab.pidOf("server")),
      "the one that runs was not struck",
    );
  } finally {
    await lab.system.stop();
  }
});

test("throw: into an event loop; and a program that catches it goes on", async (t) => {
  const lab = await Lab.open({
    idle: { module: "loner", args: { act: "idle" }, restart: { backoff_ms: 0 } },
    catcher: { module: "loner", args: { act: "catch" } },
  });
  try {
    await lab.until(() => lab.stateOf("idle") === "IDLE" && lab.stateOf("catcher") === "RECEIVE");
    t.ok(lab.faults.strike("throw:idle"));
    await lab.until(() => lab.deaths.length === 1);
    t.deepEqual([lab.deaths[0]!.name, lab.deaths[0]!.cause], ["idle", "throw"]);
    for (const times of [1, 2]) {
      t.ok(lab.faults.strike("throw:catcher"));
      await lab.until(() => lab.said("catcher").length === times);
      await lab.until(() => lab.stateOf("catcher") === "RECEIVE");
    }
    t.deepEqual(lab.said("catcher"), ["caught an injected fault", "caught an injected fault"]);
    t.equal(lab.deaths.length, 1);
  } finally {
    await lab.system.stop();
  }
});

test("throw: not in the middle of a message, but after it", async (t) => {
  const lab = await Lab.open(BUSY);
  try {
    await lab.until(() => tookIn(lab).length > 5);
    const held_ms = performance.now();
    t.ok(lab.faults.strike("hold=2s:server"));
    // The call under way may be one that was answered just before: wait for the one that is held.
    let answered = -1;
    let since_ms = 0;
    await lab.until(() => {
      const count = tookIn(lab).length;
      if (count !== answered) since_ms = performance.now();
      answered = count;
      return performance.now() - since_ms > 400;
    });
    t.ok(lab.faults.strike("throw:client"));
    await lab.until(() => lab.deaths.length === 1);
    t.deepEqual([lab.deaths[0]!.name, lab.deaths[0]!.cause], ["client", "throw"]);
    const ms = Math.round(performance.now() - held_ms);
    t.ok(ms >= 1_900, `its call was answered first: ${ms} ms after its server was held for 2,000`);
    t.equal(lab.stateOf("server"), "RECEIVE", "and its server goes on");
  } finally {
    await lab.system.stop();
  }
});

test("hold: it stands still for its time, and goes on", async (t) => {
  const lab = await Lab.open(BUSY);
  try {
    await lab.until(() => tookIn(lab).length > 5);
    const pid = lab.pidOf("server");
    t.ok(lab.faults.strike("hold=400ms:server"));
    t.equal(lab.stateOf("server"), "HUNG");
    t.notOk(lab.faults.strike("slow:server"), "meanwhile nothing else is done to it");
    await lab.until(() => tookIn(lab).some((ms) => ms >= 300));
    const answered = tookIn(lab).length;
    await lab.until(() => tookIn(lab).length > answered + 5);
    t.equal(lab.pidOf("server"), pid, "the same incarnation");
    t.deepEqual(lab.deaths, []);
  } finally {
    await lab.system.stop();
  }
});

test("hold: a heartbeat that is missed meanwhile ends it as hung, and injected", async (t) => {
  const server = { ...SERVER, heartbeat_ms: 100 };
  const lab = await Lab.open({ ...BUSY, server });
  try {
    await lab.until(() => tookIn(lab).length > 5);
    const pid = lab.pidOf("server");
    t.ok(lab.faults.strike("hold=1h:server"));
    await lab.until(() => lab.deaths.length === 1);
    t.deepEqual([lab.deaths[0]!.name, lab.deaths[0]!.cause], ["server", "hung"]);
    t.ok(lab.faults.hasStruck("server", pid));
    const answered = tookIn(lab).length;
    await lab.until(() => tookIn(lab).length > answered + 5);
  } finally {
    await lab.system.stop();
  }
});

test("slow: its messages take longer, for its time", async (t) => {
  const lab = await Lab.open({ ...BUSY, client: clientOf({ pause_ms: 0, rounds: ENDLESS }) });
  /** Messages that the server receives in a while. */
  const rate = async (): Promise<number> => {
    const received = (): number =>
      lab.system.ps().find(({ name }) => name === "server")!.counters.received;
    const [begun, before] = [performance.now(), received()];
    await new Promise((resolve) => setTimeout(resolve, 250));
    return ((received() - before) * 1_000) / (performance.now() - begun);
  };
  try {
    await lab.until(() => tookIn(lab).length > 5);
    t.ok(lab.faults.strike("slow=20ms,1h:server"));
    const slow = await rate();
    t.ok(
      slow > 0 && slow <= 60,
      `${Math.round(slow)} messages a second: 50 have to wait 20 ms each`,
    );
    t.equal(lab.stateOf("server") === "HUNG", false);
    t.equal(lab.deaths.length, 0);
  } finally {
    await lab.system.stop();
  }
});

test("lost-wakeups: a sleep whose wake-up is lost ends with its slice", async (t) => {
  const client = clientOf({ pause_ms: 30, rounds: ENDLESS });
  const lab = await Lab.open({ server: SERVER, client }, { isTraced: true });
  try {
    await lab.until(() => tookIn(lab).length > 3);
    const isLate = (): boolean => tookIn(lab).some((ms) => ms >= 40);
    for (let times = 1; !isLate() && times <= 10; times++) {
      const answered = tookIn(lab).length;
      t.ok(lab.faults.strike("lost-wakeups:server"));
      await lab.until(() => tookIn(lab).length > answered + 4);
    }
    t.ok(isLate(), "a call took a slice of sleep, where others take a millisecond");
    t.deepEqual(lab.deaths, [], "nobody dies of it");
  } finally {
    await lab.system.stop();
  }
});

test("reboot: the board begins again, and the rules go on", async (t) => {
  const plan = ["kill:server@message:put#3"];
  const lab = await Lab.open(BUSY, { isTraced: true, plan });
  const reasons: string[] = [];
  lab.system.on("reboot", (reason) => reasons.push(reason));
  try {
    t.ok(lab.faults.strike("reboot:board"));
    await lab.until(() => reasons.length === 1 && lab.system.state === "running");
    t.deepEqual(reasons, ["faults: reboot:board"]);
    await lab.until(() => lab.faults.rules[0]!.struck === 1);
    lab.faults.add("reboot:server@message:5");
    await lab.until(() => reasons.length === 2);
    t.equal(reasons[1], "faults: reboot:server@message:5");
  } finally {
    await lab.system.stop();
  }
});

test("faults that take the tracing build say so where there is none", async (t) => {
  const lab = await Lab.open({ server: SERVER });
  const needed = /needs the tracing build of the kernel: boot\(manifest, \{ trace: \{\} \}\)/;
  try {
    t.throws(() => lab.faults.add("kill:server@message:1"), UsageError);
    t.throws(() => lab.faults.add("kill:server@message:1"), needed);
    t.throws(() => lab.faults.strike("lost-wakeups:server"), needed);
    t.deepEqual(lab.faults.rules, []);
  } finally {
    await lab.system.stop();
  }
});

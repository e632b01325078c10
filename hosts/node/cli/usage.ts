/**
 * The help text: one entry a command.
 */

interface CommandUsage {
  readonly synopsis: string;
  /** One line. */
  readonly summary: string;
  /** Options and what else there is to know. */
  readonly details: string;
}

/** Options of a command that asks a running simulator. */
const INQUIRY = `  --run <pid>                the simulator, where several are running
  --json                     print the result as JSON on stdout`;

/** A command that does something to one task. */
function steering(name: string, summary: string, more: string): CommandUsage {
  const synopsis = `reattach ${name} <task> [options]`;
  return { synopsis, summary, details: `  ${more}\n${INQUIRY}` };
}

const COMMANDS: Readonly<Record<string, CommandUsage>> = {
  new: {
    synopsis: "reattach new <folder> [--template <name>]",
    summary: "create an application that runs, with tests that kill its tasks",
    details: `  --template <name>          minimal (default): two services, three tasks, one sensor;
                             greenhouse: a bus that hangs, a valve that opens exactly once

  Tests and a workflow for CI come with it. The folder must be new or empty. Nothing is asked of
  the network; "npm install" in it comes next.`,
  },
  run: {
    synopsis: "reattach run <manifest> [options]",
    summary: "run the tasks of an application in the simulator",
    details: `  --duration <time>          stop after this time, such as 500ms, 2s or 1.5 (seconds)
  --fault <kind:what:every>  inject a fault again and again: kill:sensor:2s, also hang, hold, slow,
                             memory, throw, lost-wakeups; reboot:board:1m; of the simulated board
                             nack:i2c.0x48:2s, hang:…, noise:pin.4:1s; hold=300ms:sensor:2s and
                             slow=20ms,1s:sensor:5s say how long; may be given several times
  --fault <kind:task@message:n>
                             inject it once, at the task's n-th message, or of one call:
                             kill:store@message:put#57; with @after-effect before its answer
  --seed <number>            makes the times of the faults repeat
  --scenario <file>          the faults and the seed that the page of "reattach dev" has saved
  --expect <what,…>          what is to be found at the end beside tasks that are up or have ended
                             well: held:<task>, stopped:<task>, stuck:<task>, reboots:<number>,
                             deadlocks:<number>, with commas between them
  --strict                   a death that was not injected is a failure, also when it was mended
  --watch                    replace tasks when their sources are saved, while the others run
  --log-level <level>        show lines from this level on: debug, info, warn or error
  --log-task <task,…>        show the lines of these tasks, and of the manager
  --trace <file>             record all messages in a file that ui.perfetto.dev opens
  --post-mortem <file>       when a task or the board dies, write the last messages of all tasks
                             there: "reattach trace decode" makes such a file of them
  --inspect[=port]           let a debugger on this machine connect (9229): docs/debugging.md
  --json                     print the result as JSON on stdout

  Exit code 0: at the end every task is up or has ended well, nothing is held or stuck, no tasks
  wait for each other, and the board was not restarted, but for what --expect says. What --expect
  says must be so. Deaths that the restart policy has mended are no failure.`,
  },
  dev: {
    synopsis: "reattach dev [manifest] [options]",
    summary: "run an application, and show what goes on in a page of your browser",
    details: `  --port <number>            the port of the page, where it is to be a certain one
  --inspect[=port]           let a debugger on this machine connect (9229): docs/debugging.md
  --fault, --seed, --scenario, --log-level, --log-task
                             as those of "reattach run"

  Prints the address of the page, which only this machine can open, and runs until Ctrl-C. Without
  a manifest it is the one of this folder.`,
  },
  simulate: {
    synopsis: "reattach simulate [manifest] [options]",
    summary: "run an application in simulated time, under faults that repeat with a seed",
    details: `  --hours <number>           simulated hours with faults of each run; without --runs
                             of all together, each of at most 10; 1 unless you say so
  --runs <number>            how many runs, each with the next seed: 10 unless you say so
  --seed <number>            of the first run: 1 unless you say so
  --faults <kind,…>          what strikes: kill, hang, hold, slow, memory, throw, start, reboot,
                             bus, lost-wakeups; all of them unless you say so, "none" for nothing
  --fault <fault>            these faults and no others, as "reattach run" and a failure have them
  --scenario <file>          those of a file, and its seed, as the page of "reattach dev" saves it
  --preempt <number>         mean scheduling points between two preemptions; 0 for none
  --shrink <time>            how long a failure is made smaller at the most: 1m unless you say so
  --trace <file>             the last messages before the first failure, in its smallest run, for
                             ui.perfetto.dev; with --runs 1 also those of a run without one
  --jobs <number>            runs at the same time, each in a process of its own: as many as cores
  --platform <name>          the entry of "platforms" with stand-ins for what is real: node
  --allow-io                 let tasks do what is real, with a warning: the run need not repeat
  --json                     print the result as JSON on stdout

  The same seed gives the same run, and prints the same hash. Without a manifest it is the one of
  this folder. Exit code 1: something was found; each finding comes with a command that shows it
  again. docs/simulate.md.`,
  },
  broker: {
    synopsis: "reattach broker [--port <number>]",
    summary: "run a broker of MQTT for boards on this machine, for development",
    details: `  --port <number>            where it listens: 1883 unless you say so, 0 for any

  Prints its address, which only this machine can reach, and runs until Ctrl-C. It keeps nothing
  and asks nobody for a password: a building has mosquitto, or another broker. docs/boards.md.`,
  },
  boards: {
    synopsis: "reattach boards [options]",
    summary: "show the boards that a broker of MQTT knows of, and which services they have",
    details: `  --broker <address>         mqtt://host:1883 or mqtts://host:8883; that of
                             REATTACH_BROKER or of the manifest of this folder unless you say so
  --prefix <text>            what topics begin with: that of the manifest, or "reattach"
  --listen <time>            listen for so long, and tell how long ago each has said something
  --watch                    then a line for each change, until Ctrl-C
  --json                     print the result as JSON on stdout, with --watch one object a line

  User, password and certificate: REATTACH_MQTT_USER, REATTACH_MQTT_PASSWORD, REATTACH_MQTT_CA. A
  status that the broker has kept has no time: without --listen or --watch a board is "here" that
  said so last, however long ago. Exit code 1: the broker is not there, or does not let this user
  in or read. docs/boards.md.`,
  },
  fleet: {
    synopsis: "reattach fleet [options]",
    summary: "measure how many boards a broker serves, with boards and broker on this machine",
    details: `  --boards <number>          so many boards: 100 unless you say so, at most 20,000
  --every <time>             how often each of them calls another one: 1s unless you say so
  --for <time>               how long calls are measured: 10s unless you say so
  --broker <address>         a broker that runs, which is not restarted then; unless you say so a
                             mosquitto of its own
  --prefix <text>            what topics begin with, "reattach-fleet" unless you say so
  --json                     print the result as JSON on stdout

  User, password and certificate: REATTACH_MQTT_USER, REATTACH_MQTT_PASSWORD, REATTACH_MQTT_CA.
  Boards have their arena, gateway and connection, and no threads: a hundred share a process. They
  connect, call each other, lose the broker, and a hundred of them die. docs/fleet.md.`,
  },
  test: {
    synopsis: "reattach test --engine xs [manifest] [options]",
    summary: "run an application's tests on the engine of the board, and measure its tasks",
    details: `  --engine xs                XS, as a process of Linux: the only one there is
  --platform <name>          the entry of "platforms" with stand-ins for drivers: xs
  --timeout <time>           of each file: 2m unless you say so
  --json                     print the result as JSON on stdout

  The tests are the files *.xs.ts and *.xs.js beside the manifest. Each file runs with the whole
  application: its tasks have the memory that their creation gives them. Prints TAP, what each task
  has had of its memory at most, and a creation that would do. XS is built on first use, from its
  sources on npm: that takes a C compiler, make, npm and a minute. Without a manifest it is the one
  of this folder. Exit code 1: a test has failed, or a task has died. docs/testing.md.`,
  },
  check: {
    synopsis: "reattach check <manifest> [--platform <name>] [--json]",
    summary: "say what the simulator, mcconfig and the board would say, without running anything",
    details: `  --platform <name>          the board: esp32 (default), esp32/moddable_two, pico, …;
                             node for the simulator alone
  --json                     print the result as JSON on stdout

  Modules, imports, preload and memory are looked at as the board has them, and TypeScript with the
  board's types. Moddable's SDK is used where MODDABLE names one.`,
  },
  trace: {
    synopsis: "reattach trace decode <log> [--out <file>], reattach trace print [options]",
    summary: "make a file for ui.perfetto.dev of what was printed of the last messages; print them",
    details: `  --out <file>               where to write it; default: the log's name with .json

  "print" asks a running simulator that is traced for its last messages:
${INQUIRY}

  The log may have other lines, and something in front of each. docs/tracing.md says how a board
  prints its records.`,
  },
  layout: {
    synopsis: "reattach layout [manifest] [--json]",
    summary: "show what the arena holds and what each part costs",
    details: `  Without a manifest it shows the default limits.
  --json                     print the result as JSON on stdout`,
  },
  ps: {
    synopsis: "reattach ps [options]",
    summary: "show the tasks of a running simulator, who waits on whom, and other boards",
    details: `${INQUIRY}
  --watch                    show it again and again, until q or Ctrl-C
  --every <time>             how often, with --watch: 1s unless you say so`,
  },
  ham: {
    synopsis: "reattach ham [options]",
    summary: "show what the manager of a running simulator watches for",
    details: INQUIRY,
  },
  kill: steering("kill", "kill a task, as a crash does", "It is restarted as its policy says."),
  hang: steering(
    "hang",
    "make a task hang, deaf to everything",
    "It does so when it next passes through the kernel.",
  ),
  hold: steering("hold", "do not start a task again when it dies", '"reattach release" ends that.'),
  release: steering("release", "end what hold has begun", "It is started, if it is dead."),
  restart: steering("restart", "restart a task", "It is ended and started again."),
  help: {
    synopsis: "reattach help [command]",
    summary: "show this, or the options of a command",
    details: `  "reattach <command> --help" does the same.`,
  },
};

/** Names of the commands, in the order of the help text. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The help text of a command, or of all when it is left out. Ends with a newline. */
export function usage(name?: string): string {
  const command = name === undefined ? undefined : COMMANDS[name];
  if (command !== undefined) {
    return `${command.synopsis}\n\n  ${command.summary}\n\n${command.details}\n`;
  }
  const width = Math.max(...Object.values(COMMANDS).map(({ synopsis }) => synopsis.length));
  const lines = Object.values(COMMANDS).map(
    ({ synopsis, summary }) => `  ${synopsis.padEnd(width)}  ${summary}`,
  );
  return `Messages that outlive their server: Reattach in Node.js.

Usage:
${lines.join("\n")}
  ${"reattach --version".padEnd(width)}  show the version

<manifest> is the manifest.json that mcconfig reads for the device, or its folder.
Will it fit a chip? In a clone of the repository, "npm run chip -- <manifest>" tells.
<task> is the name of a task of a running simulator of the same user.
Exit codes: 0 good, 1 the run failed or no simulator could do it, 2 the command line, the manifest
or a program is wrong.
`;
}

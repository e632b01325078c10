#!/usr/bin/env node
/**
 * The command line: finds the command and turns what it throws into a message and an exit code.
 *
 * It sets the exit code and leaves, instead of calling process.exit(): what is still to be written
 * to a pipe gets there. A command is loaded when it is called; `layout` need not wait for esbuild.
 */
import { EXIT_FAILED, EXIT_GOOD, EXIT_WRONG_INPUT, FailedError } from "./exit-code.js";
import { readOptions } from "./options.js";
import { ownPackage } from "./own-package.js";
import { COMMAND_NAMES, usage } from "./usage.js";
import { InputError, UsageError } from "../input-error.js";
import { allowedNames } from "../../../src/manifest/suggest.js";

type Command = (argv: string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  new: async (argv) => (await import("./new.js")).create(argv),
  run: async (argv) => (await import("./run.js")).run(argv),
  dev: async (argv) => (await import("./dev.js")).dev(argv),
  simulate: async (argv) => (await import("./simulate.js")).simulate(argv),
  broker: async (argv) => (await import("./broker.js")).broker(argv),
  fleet: async (argv) => (await import("./fleet.js")).fleet(argv),
  boards: async (argv) => (await import("./boards.js")).boards(argv),
  test: async (argv) => (await import("./test.js")).test(argv),
  check: async (argv) => (await import("./check.js")).check(argv),
  trace: async (argv) => (await import("./trace.js")).trace(argv),
  layout: async (argv) => (await import("./layout.js")).layout(argv),
  ps: async (argv) => (await import("./ps.js")).ps(argv),
  ham: async (argv) => (await import("./ham.js")).ham(argv),
  kill: async (argv) => (await import("./steer.js")).steer("kill", argv),
  hang: async (argv) => (await import("./steer.js")).steer("hang", argv),
  hold: async (argv) => (await import("./steer.js")).steer("hold", argv),
  release: async (argv) => (await import("./steer.js")).steer("release", argv),
  restart: async (argv) => (await import("./steer.js")).steer("restart", argv),
  help: async (argv) => {
    const { positionals } = readOptions(argv, { options: {}, required: [], optional: ["command"] });
    const [name] = positionals;
    if (name !== undefined) commandOf(name);
    return show(usage(name));
  },
};

function commandOf(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command;
  throw new UsageError(`found command "${name}", ${allowedNames(name, COMMAND_NAMES)}`);
}

function show(text: string): number {
  process.stdout.write(text);
  return EXIT_GOOD;
}

async function dispatch([name, ...argv]: string[]): Promise<number> {
  if (name === undefined)
    throw new UsageError(`found no command, ${allowedNames("", COMMAND_NAMES)}`);
  if (name === "--version") return show(`${ownPackage().version}\n`);
  if (name === "--help" || name === "-h") return show(usage());
  const command = commandOf(name);
  if (argv.includes("--help") || argv.includes("-h")) return show(usage(name));
  return command(argv);
}

async function main(argv: string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    if (error instanceof FailedError) {
      process.stderr.write(`reattach: ${error.message}\n`);
      return EXIT_FAILED;
    }
    if (!(error instanceof InputError)) throw error;
    const topic = COMMAND_NAMES.includes(argv[0] ?? "") ? ` ${argv[0]}` : "";
    const hint = error instanceof UsageError ? `\nSee "reattach help${topic}".` : "";
    process.stderr.write(`reattach: ${error.message}${hint}\n`);
    return EXIT_WRONG_INPUT;
  }
}

// `reattach layout | head`: the reader has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await main(process.argv.slice(2));

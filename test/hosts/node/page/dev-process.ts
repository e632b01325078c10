/**
 * `reattach dev` in a process of its own, with the address that it prints.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CLI } from "../cli-file.js";

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/;

export interface DevProcess {
  readonly child: ChildProcess;
  /** Of the page, with its token. */
  readonly address: string;
  /** Ends it as Ctrl-C does. Resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** Starts it. Rejects with what it has printed when it ends without an address. */
export async function startDev(...argv: string[]): Promise<DevProcess> {
  const child = spawn(process.execPath, [CLI, "dev", ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: string[] = [];
  // What nobody reads would hold it up some day.
  child.stderr.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  const exited = once(child, "exit") as Promise<[code: number | null]>;
  const stop = async (): Promise<number | null> => {
    child.kill("SIGINT");
    const [code] = await exited;
    return code;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    const address = ADDRESS.exec(line)?.[0];
    if (address === undefined) continue;
    child.stdout.resume();
    return { child, address, stop };
  }
  throw new Error(`reattach dev has ended: ${printed.join("\n")}`);
}

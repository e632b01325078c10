/**
 * `reattach run --watch` when its sources cannot be watched.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "tape";
import { folderOf, writeFiles } from "../temp-folder.js";
import { manifest, server, SERVER_TASK } from "./lab.js";
import { CLI } from "../cli-file.js";

const { resolve } = createRequire(import.meta.url);
const ESBUILD = join(resolve("esbuild/package.json"), "../bin/esbuild");

const HOUR_MS = 3_600_000;

/** esbuild, which starts once: for what is compiled before anything is watched. */
const STARTS_ONCE = `#!/bin/sh
[ -e "$0.started" ] && exit 1
touch "$0.started"
exec "${ESBUILD}" "$@"
`;

test("run --watch: a watch that cannot begin ends the run, and leaves no control", async (t) => {
  const folder = folderOf(t, { "manifest.json": manifest({ server: SERVER_TASK }) });
  // Saved just now, however slow the machine is: it is compiled anew each time.
  writeFiles(folder, { "server.ts": server(1) }, new Date(Date.now() + HOUR_MS));
  const runtime = join(folder, "runtime");
  mkdirSync(runtime);
  const esbuild = join(folder, "esbuild");
  writeFileSync(esbuild, STARTS_ONCE);
  chmodSync(esbuild, 0o755);
  const env = { ...process.env, XDG_RUNTIME_DIR: runtime, ESBUILD_BINARY_PATH: esbuild };
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
    const argv = [CLI, "run", folder, "--watch", "--duration", "60s"];
    execFile(process.execPath, argv, { env }, (error, _stdout, text) => {
      done({ code: error?.code, stderr: text });
    });
  });
  t.ok(existsSync(`${esbuild}.started`), "the application was compiled");
  t.equal(code, 1, stderr);
  t.match(stderr, /service/i, "and the watch has failed");
  const places = readdirSync(runtime).flatMap((name) => readdirSync(join(runtime, name)));
  t.deepEqual(places, [], "nothing is left of the control");
});

/**
 * Builds the program: gets the sources of XS from npm, checks them, and calls make. `--xs=folder`
 * takes those of Moddable's SDK, `$MODDABLE/xs`, in their place.
 *
 *     node hosts/xs-linux/build.mjs [--m32] [--sanitize=thread] [--xs=folder]
 *
 * prints the program's path. Everything lies in node_modules/.cache/reattach-xs. Two processes may
 * build at the same time: the sources appear by a rename, and make runs under a lock.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@agoric/xsnap@0.15.0";
const SHA512 =
  "ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==";

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = fileURLToPath(new URL("../../node_modules/.cache/reattach-xs/", import.meta.url));

/**
 * The path of the program and a key that changes with it; or why it cannot be built here.
 *
 * @param {{ m32?: boolean, sanitize?: "thread", xs?: string }} [variant] `m32`: 16-byte slots, as
 *   on an ESP32; `xs`: other sources.
 * @returns {{ program: string, key: string } | { missing: string }}
 */
export function buildXs({ m32 = false, sanitize, xs } = {}) {
  const flags = [...(m32 ? ["-m32"] : []), ...(sanitize ? [`-fsanitize=${sanitize}`] : [])];
  const missing = findMissing(flags);
  if (missing !== null) return { missing };
  const home = xs === undefined ? getSources() : join(cache, `sources-${digest(xs)}`);
  const sources = xs ?? join(home, "package/moddable/xs");
  const out = join(
    home,
    ["xs", ...(m32 ? ["m32"] : []), ...(sanitize ? [sanitize] : [])].join("-"),
  );
  mkdirSync(out, { recursive: true });
  const make = ["make", "-f", join(here, "Makefile"), `-j${availableParallelism()}`];
  run("flock", [
    join(out, "lock"),
    ...make,
    `XS=${sources}`,
    `OUT=${out}`,
    `FLAGS=${flags.join(" ")}`,
  ]);
  return { program: join(out, "xs-linux"), key: keyOf(flags) };
}

/** What the machine lacks, in words, or null. */
function findMissing(flags) {
  if (process.platform !== "linux") return `xs-linux runs on Linux, not on ${process.platform}`;
  for (const tool of ["cc", "make", "flock", "tar"]) {
    const { error } = spawnSync(tool, ["--version"], { stdio: "ignore" });
    if (error) return `${tool} is not installed`;
  }
  if (flags.length === 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "reattach-xs-"));
  try {
    const source = join(folder, "empty.c");
    writeFileSync(source, "#include <stdio.h>\nint main(void) { return 0; }\n");
    const { status } = spawnSync("cc", [...flags, source, "-o", join(folder, "empty")]);
    return status === 0 ? null : `the C compiler cannot build with ${flags.join(" ")}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The folder with the unpacked package. */
function getSources() {
  const folder = join(cache, `sources-${SHA512.slice(0, 12).replaceAll("/", "_")}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, "new-"));
  try {
    run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", temporary]);
    const [name] = readdirSync(temporary);
    const tarball = join(temporary, name);
    const found = createHash("sha512").update(readFileSync(tarball)).digest("base64");
    if (found !== SHA512) {
      throw new Error(`${PACKAGE} is not what it was: sha512 ${found}, expected ${SHA512}`);
    }
    const unpacked = join(temporary, "sources");
    mkdirSync(unpacked);
    run("tar", ["-xzf", tarball, "-C", unpacked]);
    publish(unpacked, folder);
  } finally {
    rmSync(temporary, { recursive: true });
  }
  return folder;
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function publish(unpacked, folder) {
  try {
    renameSync(unpacked, folder);
  } catch (error) {
    // Another process was faster.
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  }
}

function keyOf(flags) {
  const hash = createHash("sha256").update(SHA512).update(flags.join(" "));
  for (const folder of [join(here, "program"), join(here, "../moddable/native")]) {
    const files = readdirSync(folder).sort();
    for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash
    .update(readFileSync(join(here, "Makefile")))
    .digest("hex")
    .slice(0, 16);
}

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
}

/** The variant that the arguments of the command line ask for; other words are left alone. */
export function readVariant(args) {
  const variant = {};
  for (const arg of args) {
    if (arg === "--m32") variant.m32 = true;
    else if (arg === "--sanitize=thread") variant.sanitize = "thread";
    else if (arg.startsWith("--xs=")) variant.xs = arg.slice("--xs=".length);
    else if (arg.startsWith("--")) {
      throw new Error(`unknown switch ${arg}; allowed: --m32, --sanitize=thread, --xs=folder`);
    }
  }
  return variant;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = buildXs(readVariant(process.argv.slice(2)));
  if ("missing" in built) {
    console.error(built.missing);
    process.exitCode = 1;
  } else {
    console.log(built.program);
  }
}

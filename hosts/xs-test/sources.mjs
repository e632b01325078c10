/**
 * The sources of XS, which are no part of this repository: from npm, checked, and kept in
 * node_modules/.cache/reattach-xs, of the application where this package is installed in one. Two
 * processes may ask at the same time: a folder appears by a rename.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@agoric/xsnap@0.15.0";
const SHA512 =
  "ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Where everything lies that is fetched or built. */
export const CACHE = join(modulesFolder(join(here, "../..")), ".cache/reattach-xs");
/** What every host compiles, beside files of its own. */
const SHARED = [join(here, "program"), join(here, "../moddable/native")];

/**
 * @typedef {object} Sources
 * @property {string} home where to build; it differs from that of other sources
 * @property {string} xs the folder xs of Moddable's SDK, or what is like it in the package
 */

/** The folder of packages that this package is in, or else its own. */
function modulesFolder(root) {
  const parent = dirname(root);
  return basename(parent) === "node_modules" ? parent : join(root, "node_modules");
}

/**
 * Where to build, whether the sources are there yet or not.
 *
 * @param {string} [xs] as for findSources()
 */
export function homeOf(xs) {
  const key = xs === undefined ? SHA512.slice(0, 12).replaceAll("/", "_") : digest(xs);
  return join(CACHE, `sources-${key}`);
}

/**
 * @param {string} [xs] those of Moddable's SDK, `$MODDABLE/xs`, in their place
 * @returns {Sources}
 */
export function findSources(xs) {
  const home = homeOf(xs);
  if (xs !== undefined) return { home, xs };
  if (!existsSync(home)) getPackage(home);
  return { home, xs: join(home, "package/moddable/xs") };
}

function getPackage(home) {
  inFreshFolder(home, (folder) => {
    run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", folder]);
    const [name] = readdirSync(folder);
    const tarball = join(folder, name);
    const found = createHash("sha512").update(readFileSync(tarball)).digest("base64");
    if (found !== SHA512) {
      throw new Error(`${PACKAGE} is not what it was: sha512 ${found}, expected ${SHA512}`);
    }
    const unpacked = join(folder, "sources");
    mkdirSync(unpacked);
    run("tar", ["-xzf", tarball, "-C", unpacked]);
    return unpacked;
  });
}

/**
 * Fills a folder of the cache in one step: `fill` gets a folder of its own, which goes away, and
 * returns what in it is to become `home`.
 *
 * @param {string} home
 * @param {(folder: string) => string} fill
 */
export function inFreshFolder(home, fill) {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "new-"));
  try {
    publish(fill(folder), home);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function publish(unpacked, home) {
  try {
    renameSync(unpacked, home);
  } catch (error) {
    // Another process was faster.
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  }
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/**
 * A key that changes with the program.
 *
 * @param {string} flags of the compiler
 * @param {readonly string[]} own files and folders of the host
 */
export function keyOf(flags, own) {
  const hash = createHash("sha256").update(SHA512).update(flags);
  for (const folder of [...SHARED, ...own]) {
    for (const file of readdirSync(folder, { withFileTypes: true })) {
      if (file.isFile()) hash.update(file.name).update(readFileSync(join(folder, file.name)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** Runs a command to its end, in `cwd`. Throws, with all that it wrote, when it fails. */
export function run(command, args, cwd = process.cwd()) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
}

/** The first of these tools that is not there, or null. */
export function findMissingTool(tools) {
  const isMissing = (tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).error;
  return tools.find(isMissing) ?? null;
}

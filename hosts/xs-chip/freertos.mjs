/**
 * The kernel of FreeRTOS 9.0.0, which is no part of this repository either. Debian and Ubuntu carry
 * it in the source package micropython. It comes from the mirror that the machine's apt already
 * uses, with lists of its own, so that nothing of the machine changes; and it is checked by what is
 * in the files.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CACHE, findMissingTool, inFreshFolder, run } from "../xs-test/sources.mjs";

const SOURCE_PACKAGE = "micropython";
const FOLDER = "ports/cc3200/FreeRTOS";
/** What is used beside tasks.c, queue.c and list.c: the headers, and the port to a Cortex-M3. */
const FOLDERS = ["include", "portable/GCC/ARM_CM3"];
/** Of all that. */
const SHA256 = "244c413d6f2fbcd4830e113535c0c8f46cb0f67d118e02bb42eabc22f1920cfd";

/** Where the package is: Debian has had it since trixie, Ubuntu has it in each release. */
const DISTRIBUTIONS = {
  debian: {
    suite: () => "trixie",
    components: "main",
    keyring: "/usr/share/keyrings/debian-archive-keyring.gpg",
  },
  ubuntu: {
    suite: ({ VERSION_CODENAME }) => VERSION_CODENAME,
    components: "main universe",
    keyring: "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
  },
};

/**
 * @returns {{ source: string } | { missing: string }} the folder with tasks.c; or why there is none
 */
export function findFreeRtos() {
  const home = join(CACHE, `freertos-${SHA256.slice(0, 12)}`);
  if (existsSync(home)) return { source: join(home, "Source") };
  const tool = findMissingTool(["apt-get", "dpkg-source", "tar", "xz"]);
  if (tool !== null) return { missing: `${tool} is not installed: FreeRTOS cannot be got` };
  const release = readRelease();
  const distribution = DISTRIBUTIONS[release.ID];
  if (distribution === undefined) {
    return { missing: `FreeRTOS comes from Debian or Ubuntu, and this is ${release.ID}` };
  }
  const mirror = findMirror();
  if (mirror === undefined) return { missing: "apt has no mirror: FreeRTOS cannot be got" };
  try {
    inFreshFolder(home, (folder) => download(folder, { mirror, release, ...distribution }));
  } catch (error) {
    if (error.code === "ERR_FREERTOS") throw error;
    return { missing: `FreeRTOS cannot be got: ${error.message}` };
  }
  return { source: join(home, "Source") };
}

/** /etc/os-release as an object. */
function readRelease() {
  if (!existsSync("/etc/os-release")) return { ID: process.platform };
  const lines = readFileSync("/etc/os-release", "utf8").matchAll(/^(\w+)="?(.*?)"?$/gm);
  return Object.fromEntries(Array.from(lines, ([, name, value]) => [name, value]));
}

/** The first address that apt takes packages from, but for that of security updates. */
function findMirror() {
  const format = ["--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"];
  const { stdout } = spawnSync("apt-get", ["indextargets", ...format], { encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line !== "" && !line.includes("security"));
  return lines[0]?.split(" ")[0];
}

function download(folder, { mirror, release, suite, components, keyring }) {
  for (const name of ["lists/partial", "cache/archives/partial", "package", "unpacked"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(
    join(folder, "src.sources"),
    `Types: deb-src\nURIs: ${mirror}\nSuites: ${suite(release)}\n` +
      `Components: ${components}\nSigned-By: ${keyring}\n`,
  );
  writeFileSync(
    join(folder, "apt.conf"),
    `Dir::Etc::sourcelist "${folder}/src.sources";\nDir::Etc::sourceparts "-";\n` +
      `Dir::State::lists "${folder}/lists";\nDir::Cache "${folder}/cache";\n` +
      `APT::Sandbox::User "";\n`,
  );
  const script =
    `cd "${folder}/package" && apt-get update -qq && ` +
    `apt-get source -qq --download-only ${SOURCE_PACKAGE}`;
  run("env", [`APT_CONFIG=${folder}/apt.conf`, "sh", "-c", script]);
  const tarball = readdirSync(join(folder, "package")).find((name) => name.includes(".orig.tar"));
  if (tarball === undefined) throw new Error(`${SOURCE_PACKAGE} has no sources`);
  const unpacked = join(folder, "unpacked");
  const strip = FOLDER.split("/").length + 1;
  const which = ["--wildcards", `*/${FOLDER}`];
  run("tar", [
    "-xf",
    join(folder, "package", tarball),
    "-C",
    unpacked,
    `--strip-components=${strip}`,
    ...which,
  ]);
  const found = digestOf(join(unpacked, "Source"));
  if (found !== SHA256) {
    const text = `FreeRTOS is not what it was: sha256 ${found}, expected ${SHA256}`;
    throw Object.assign(new Error(text), { code: "ERR_FREERTOS" });
  }
  return unpacked;
}

function digestOf(source) {
  const hash = createHash("sha256");
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(source, folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  for (const name of ["tasks.c", "queue.c", "list.c", ...files]) {
    hash.update(name).update(readFileSync(join(source, name)));
  }
  return hash.digest("hex");
}

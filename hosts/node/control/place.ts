/**
 * Where the simulators of one user can be reached: Unix sockets `<pid>.sock` in a folder that only
 * this user can enter. Whoever can connect can kill tasks, so the folder is checked by both sides.
 *
 * On Windows it is a named pipe, which others cannot write to by the system's default.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, type Stats } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

const IS_WINDOWS = process.platform === "win32";
const PIPES = "\\\\.\\pipe\\";

/** Bytes of a socket's path without its end: 107 on Linux, 103 on macOS. Longer ones are cut. */
const PATH_BYTES_MAX = process.platform === "linux" ? 107 : 103;

/** Group and others: nobody of them may read, write or enter. */
const OTHERS_MASK = 0o077;

/** Where the user's sockets are. */
export interface Place {
  /** The folder; on Windows, how the names of the pipes begin. */
  readonly folder: string;
  /** What the socket of this process is called. */
  addressOf(pid: number): string;
  /** pids of the sockets that are there, dead ones too. Throws when others can enter the folder. */
  pids(): number[];
}

/** Why a folder must not be used, or "". `uid` is the user's own. */
export function whyUnsafe(stats: Pick<Stats, "isDirectory" | "uid" | "mode">, uid: number): string {
  if (!stats.isDirectory()) return "is no folder";
  if (stats.uid !== uid) return `belongs to user ${stats.uid}, not to you (user ${uid})`;
  const rights = stats.mode & 0o777;
  if ((rights & OTHERS_MASK) === 0) return "";
  return `is open to others: found mode 0${rights.toString(8)}, allowed is 0700`;
}

/** A link is not followed: who owns it could lead it elsewhere. */
function checkFolder(folder: string): void {
  const problem = whyUnsafe(lstatSync(folder), uidOfUser());
  if (problem !== "") throw new Error(`${folder} ${problem}`);
}

/** Not by userInfo(), which fails for a user without a name, as in many containers. */
function uidOfUser(): number {
  return process.getuid!();
}

/** A folder that lasts as long as the user's session where there is one. */
function runtimeFolder(): string {
  const folder = process.env["XDG_RUNTIME_DIR"] ?? "";
  return isAbsolute(folder) && existsSync(folder) ? folder : tmpdir();
}

function pidsIn(names: readonly string[], pattern: RegExp): number[] {
  return names
    .map((name) => Number(pattern.exec(name)?.[1] ?? NaN))
    .filter((pid) => !Number.isNaN(pid))
    .sort((a, b) => a - b);
}

function pipes(): Place {
  const prefix = `reattach-${encodeURIComponent(userInfo().username)}-`;
  const pids = (): number[] =>
    pidsIn(
      readdirSync(PIPES)
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length)),
      /^(\d+)$/,
    );
  const folder = `${PIPES}${prefix}`;
  return { folder, addressOf: (pid) => `${folder}${pid}`, pids };
}

function sockets(base: string): Place {
  const folder = join(base, `reattach-${uidOfUser()}`);
  const pids = (): number[] => {
    if (!existsSync(folder)) return [];
    checkFolder(folder);
    return pidsIn(readdirSync(folder), /^(\d+)\.sock$/);
  };
  return { folder, addressOf: (pid) => join(folder, `${pid}.sock`), pids };
}

/** The user's place; `base` stands for XDG_RUNTIME_DIR or the folder for temporary files. */
export function controlPlace(base = runtimeFolder()): Place {
  return IS_WINDOWS ? pipes() : sockets(base);
}

/** Makes the folder unless it is there. Throws when it, or the path of the socket, is not good. */
export function preparePlace({ folder, addressOf }: Place): void {
  if (IS_WINDOWS) return;
  const address = addressOf(process.pid);
  if (Buffer.byteLength(address) > PATH_BYTES_MAX) {
    throw new Error(`${address} is too long for a socket: allowed are ${PATH_BYTES_MAX} bytes`);
  }
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  checkFolder(folder);
}

/** Removes a socket. It may have gone already, and a pipe of Windows goes by itself. */
export function removeAddress(address: string): void {
  if (!IS_WINDOWS) rmSync(address, { force: true });
}

/** Is there a process with this pid, whosoever it is? */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true;
    throw error;
  }
}

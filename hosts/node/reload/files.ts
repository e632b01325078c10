/**
 * Watches files, and tells when they have changed and are whole.
 *
 * fs.watch on their folders tells soon; a look at every file twice a second tells for certain:
 * there are file systems that tell nothing (of a network, of a host's folder in a container), and
 * folders come and go. What has changed is seen by a file's time, length and number, whoever told.
 *
 * Editors save by writing over a file, by emptying it first, by renaming another one to it, or
 * several files at once. So nothing is told before there was quiet for a while, nor as long as a
 * file is empty or not there, unless it stays so.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";

/** After the last event. Longer than the steps of one save are apart. */
const QUIET_MS = 20;
/** A file that is gone or empty for so long is meant to be; and what is written for so long without
 * a pause is looked at all the same. */
const GRACE_MS = 250;
/** A file's time may be so much earlier than Date.now() was when it was saved. */
export const MTIME_LATE_MS = 10;
/** The look at every file. */
const LOOK_MS = 500;

/** What a file looks like. */
interface Stamp {
  readonly mtime_ms: number;
  readonly bytes: number;
  readonly inode: number;
}

/** Of a file that is not there. */
const GONE: Stamp = Object.freeze({ mtime_ms: 0, bytes: -1, inode: 0 });

function stampOf(file: string): Stamp {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return GONE;
  return { mtime_ms: stat.mtimeMs, bytes: stat.size, inode: stat.ino };
}

function isLike(one: Stamp, other: Stamp): boolean {
  return one.mtime_ms === other.mtime_ms && one.bytes === other.bytes && one.inode === other.inode;
}

/** A folder with files in it that are watched. */
interface Folder {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/** What was saved. */
export interface Change {
  /** Absolute paths. */
  readonly files: ReadonlySet<string>;
  /** When, as Date.now() has it: the time of the newest file, or when it was noticed. */
  readonly saved_ms: number;
  /** Are they all of those that nobody reads (wantsStrangers)? */
  readonly isStrange: boolean;
}

export class WatchedFiles {
  readonly #changed: (change: Change) => void;
  readonly #timer: NodeJS.Timeout;
  /** As they were when they were told last. */
  readonly #files = new Map<string, Stamp>();
  readonly #folders = new Map<string, Folder>();
  /** Others in their folders that have come or gone, while they are of interest. */
  readonly #strangers = new Set<string>();
  #wantsStrangers = false;
  /** Until the look that is to come; undefined for none. */
  #quiet: NodeJS.Timeout | undefined;
  /** When the first sign of what has not been told yet was seen; 0 for none. */
  #noticed_ms = 0;

  /** `changed` is called with what was saved, once it is whole. */
  constructor(changed: (change: Change) => void) {
    this.#changed = changed;
    this.#timer = setInterval(() => this.#lookAtAll(), LOOK_MS);
    this.#timer.unref();
  }

  /**
   * These are to be watched, and no others. Those that are new count as told, but for what was
   * saved since `since_ms`: then somebody began to read them. `wantsStrangers`: something is
   * missing, so whatever comes into their folders, or goes, is told too.
   */
  watch(files: Iterable<string>, wantsStrangers: boolean, since_ms = Infinity): void {
    this.#wantsStrangers = wantsStrangers;
    const wanted = new Set(files);
    for (const file of this.#files.keys()) if (!wanted.has(file)) this.#files.delete(file);
    this.watchMore(wanted, since_ms);
  }

  /** These too, as above. */
  watchMore(files: Iterable<string>, since_ms: number): void {
    for (const file of files) {
      if (this.#files.has(file)) continue;
      const stamp = stampOf(file);
      const isToTell = stamp.mtime_ms > since_ms - MTIME_LATE_MS;
      this.#files.set(file, isToTell ? GONE : stamp);
      if (isToTell) this.#notice();
    }
    this.#watchFolders();
  }

  /** Something is missing: as `wantsStrangers` of watch(). */
  wantStrangers(): void {
    this.#wantsStrangers = true;
  }

  /** Nothing is told any more. */
  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#quiet);
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
    this.#files.clear();
  }

  #watchFolders(): void {
    const wanted = new Set([...this.#files.keys()].map((file) => dirname(file)));
    for (const [path, { inode, watcher }] of this.#folders) {
      // Another folder may be there now, of the same name.
      if (wanted.has(path) && inodeOf(path) === inode) continue;
      watcher.close();
      this.#folders.delete(path);
    }
    for (const path of wanted) if (!this.#folders.has(path)) this.#watchFolder(path);
  }

  #watchFolder(path: string): void {
    const inode = inodeOf(path);
    if (inode === 0) return;
    try {
      const watcher = watch(path, { persistent: false }, (event, name) => {
        if (name === null || this.#isWatched(path, name)) return this.#notice();
        // What nobody reads may be written again and again: the trace of this run, say.
        if (!this.#wantsStrangers || event !== "rename") return;
        this.#strangers.add(join(path, name));
        this.#notice();
      });
      // The folder is gone, or the system has no more room for watching: the look at all goes on.
      watcher.on("error", () => {
        watcher.close();
        this.#folders.delete(path);
      });
      this.#folders.set(path, { inode, watcher });
    } catch (error) {
      // As above. Whatever else it may be is not known to happen.
      if (!isRefusal(error)) throw error;
    }
  }

  #isWatched(folder: string, name: string): boolean {
    for (const file of this.#files.keys()) {
      if (basename(file) === name && dirname(file) === folder) return true;
    }
    return false;
  }

  #lookAtAll(): void {
    const before = this.#folders.size;
    this.#watchFolders();
    // A folder has come, and what came with it told nobody.
    if (this.#wantsStrangers && this.#folders.size > before) this.#notice();
    if (this.#noticed_ms === 0 && this.#find().size > 0) this.#notice();
  }

  /** There is a sign that something was saved: it is looked at when there is quiet, or none for
   * so long that it is not one save. */
  #notice(): void {
    const now = Date.now();
    if (this.#noticed_ms === 0) this.#noticed_ms = now;
    const left_ms = this.#noticed_ms + GRACE_MS - now;
    if (left_ms <= 0 && this.#quiet !== undefined) return;
    clearTimeout(this.#quiet);
    const wait_ms = Math.min(QUIET_MS, Math.max(left_ms, 0));
    this.#quiet = setTimeout(() => this.#look(), wait_ms);
  }

  /** Those that have changed since they were told. */
  #find(): Map<string, Stamp> {
    const found = new Map<string, Stamp>();
    for (const [file, told] of this.#files) {
      const stamp = stampOf(file);
      if (!isLike(stamp, told)) found.set(file, stamp);
    }
    return found;
  }

  #look(): void {
    this.#quiet = undefined;
    const found = this.#find();
    const noticed_ms = this.#noticed_ms;
    const isInPieces = [...found.values()].some(({ bytes }) => bytes <= 0);
    if (isInPieces && Date.now() - noticed_ms < GRACE_MS) return this.#notice();
    this.#noticed_ms = 0;
    const strangers = [...this.#strangers];
    this.#strangers.clear();
    if (found.size === 0 && strangers.length === 0 && !this.#wantsStrangers) return;
    for (const [file, stamp] of found) this.#files.set(file, stamp);
    const newest_ms = Math.max(0, ...[...found.values()].map(({ mtime_ms }) => mtime_ms));
    // A file may be given an old time, by a copy, or one to come.
    const isNear = newest_ms <= Date.now() && newest_ms > noticed_ms - LOOK_MS - QUIET_MS;
    const saved_ms = isNear ? newest_ms : noticed_ms;
    const files = new Set([...found.keys(), ...strangers]);
    this.#changed({ files, saved_ms, isStrange: found.size === 0 });
  }
}

/** Number of a folder; 0 when there is none. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}

/** Does the system not watch for us: no room, no rights, gone meanwhile, no such thing here? */
function isRefusal(error: unknown): boolean {
  const { code = "" } = error as NodeJS.ErrnoException;
  return (
    ["EACCES", "EMFILE", "ENOENT", "ENOSPC", "ENOSYS", "EPERM"].includes(code) ||
    code === "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM"
  );
}

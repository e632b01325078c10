/**
 * The application that a system runs: its manifest and the programs of its tasks. Live reload
 * (reload/) may change both while it runs.
 *
 * The manager is given the very objects in here and reads them when it decides. So what it reads
 * again and again, such as a restart policy, changes at once; the rest with the next start of a
 * task, or of the board.
 */
import type { BoardConfig } from "../../../src/manager/board-port.js";
import type { BoardPolicy } from "../../../src/manager/supervise/policy.js";
import type { Compiler, Program } from "../compile/compile.js";
import { callsOf } from "../definitions/calls.js";
import type { ServiceShape } from "../definitions/protocol.js";
import { Programs } from "../host/programs.js";
import type { AppManifest, TaskProgram } from "../manifest/read.js";

/** Makes an object like another one, and leaves it the same object. */
function become<Value extends object>(own: Value, other: Value): Value {
  for (const key of Object.keys(own)) {
    if (!Object.hasOwn(other, key)) Reflect.deleteProperty(own, key);
  }
  return Object.assign(own, other);
}

export class Application implements BoardConfig {
  readonly board: BoardPolicy;
  readonly programs: Programs;
  /** What the services of its modules can be asked. */
  services: readonly ServiceShape[];
  #manifest: AppManifest;

  /** `compiler` is one for the manifest; `isTraced`: its programs trace their messages. */
  constructor(
    manifest: AppManifest,
    compiler: Compiler,
    isTraced: boolean,
    services: readonly ServiceShape[] = [],
  ) {
    this.services = services;
    this.board = { ...manifest.board };
    this.#manifest = this.#owned(manifest, []);
    this.programs = new Programs(this.#manifest, compiler, isTraced);
  }

  /** As it is in force, or will be after the restart of the board that is to come. */
  get manifest(): AppManifest {
    return this.#manifest;
  }

  get limits(): AppManifest["limits"] {
    return this.#manifest.limits;
  }

  get tasks(): readonly TaskProgram[] {
    return this.#manifest.tasks;
  }

  /** What a task can be asked, as definitions/calls.ts has it. */
  callsOf(task: string): ReadonlyMap<string, number> {
    const { services: own = [] } = this.tasks.find(({ name }) => name === task) ?? {};
    return callsOf(this.services, own);
  }

  /** Another manifest, and the programs that its tasks run from now on, by their files. */
  adopt(manifest: AppManifest, programs: ReadonlyMap<string, Program>): void {
    if (manifest !== this.#manifest) {
      become(this.board, manifest.board);
      this.#manifest = this.#owned(manifest, this.tasks);
    }
    this.programs.keep(this.#manifest, programs);
  }

  /** With the objects that the manager has, where there are such. */
  #owned(manifest: AppManifest, before: readonly TaskProgram[]): AppManifest {
    const known = new Map(before.map((task) => [task.name, task]));
    const tasks = manifest.tasks.map((task) => {
      const own = known.get(task.name);
      return own === undefined ? { ...task } : become(own, task);
    });
    return { ...manifest, board: this.board, tasks };
  }
}

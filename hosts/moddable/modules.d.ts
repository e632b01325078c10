/**
 * Types of what the typings on npm do not have: Moddable's newer Worker options, its log, its abort
 * hook, and our own native module.
 */
declare module "worker" {
  interface WorkerOptions {
    /** Of the FreeRTOS task. */
    priority?: number;
    /** Of the ESP32; any when left out. */
    core?: number;
  }
}

declare module "reattach/moddable/native" {
  /** HostPort.copy: any two byte arrays, checked ranges. Allocates nothing. */
  export function copy(
    target: Uint8Array,
    targetStart: number,
    source: Uint8Array,
    sourceStart: number,
    count: number,
  ): void;
  /** How many cores the chip has. */
  export function cores(): number;
  /** What a module exports; loads it when it is not there. Throws as import() rejects. */
  export function loadModule(name: string): Record<string, unknown>;
  /** Is there a module of this name? Loads nothing. */
  export function hasModule(name: string): boolean;
  /**
   * Is xsbug connected, which may hold any VM at a breakpoint? Never in a release build.
   */
  export function isDebugged(): boolean;
  /**
   * Runs nothing more in the calling worker, which is to be terminated: it is suspended, and in the
   * simulators it is back in its event loop.
   */
  export function park(): never;
  /** False after the power was off, or the chip was reset by hand, or slept deeply. */
  export function restarted(): boolean;
  /**
   * What retain() was given before the restart, if there was one, else "". undefined where the chip
   * has no memory that a reset leaves alone.
   */
  export function retained(): string | undefined;
  /** Keeps up to 250 ASCII characters where a reset leaves them alone. */
  export function retain(text: string): void;
  /**
   * Restarts the board when feed() is not called for `ms` milliseconds, and leaves `record` where
   * boot-memory.ts looks for it, unless it is ""; 0 ends the watch. Does nothing in the simulators
   * and in debug builds, where a breakpoint stops the main VM.
   */
  export function guard(ms: number, record: string): void;
  /** The main VM runs. */
  export function feed(): void;
  /** Restarts the board. In the simulators it ends the process with exit code 43. */
  export function restart(): never;
}

declare module "reattach/moddable/messages" {
  type Bytes = Uint8Array | null;
  /**
   * What C keeps of a VM: an object with these methods. Throws a TypeError when `words` are no
   * arena of this build. Of a VM that may not block it keeps nothing, and all calls are ordinary.
   */
  export function attach<Methods extends object>(
    methods: Methods,
    words: Int32Array,
    coids: Uint16Array,
    pid: number,
    mayBlock: boolean,
    spinMax: number,
    sliceMin_ms: number,
  ): Methods;
  /** A method of it: the states of the time limit that is armed. */
  export function arm(states: number): void;
  /**
   * The calls of src/kernel/message/common-case.ts. What is not the common case they hand to the
   * method of the same name of $vm.messages.
   */
  export function send(
    coid: number,
    smsg: Bytes,
    sbytes: number,
    rmsg: Bytes,
    rbytes: number,
  ): number;
  export function MsgReceive(chid: number, msg: Bytes, bytes: number, info: object | null): number;
  export function MsgReply(rcvid: number, status: number, msg: Bytes, bytes: number): number;
  export function MsgError(rcvid: number, errno: number): number;
}

/** Moddable's log: no line end is added. */
declare function trace(...values: unknown[]): void;

/**
 * Called before XS gives up: an uncaught exception, an unhandled rejection, no memory. `false` lets
 * the VM go on; anything else restarts the board.
 */
// eslint-disable-next-line no-var
declare var abort: (message: string, exception: unknown) => boolean;

/**
 * Types of what the typings on npm do not have: Moddable's newer Worker options, its log and its
 * abort hook.
 */
declare module "worker" {
  interface WorkerOptions {
    /** Of the FreeRTOS task. */
    priority?: number;
    /** Of the ESP32; any when left out. */
    core?: number;
  }
}

/** What Moddable's manifests say of the board. */
declare const device: {
  readonly network: { readonly mqtt?: object; readonly mqtts?: object };
};

interface StringConstructor {
  /** The text of UTF-8. Throws for what is none. */
  fromArrayBuffer(bytes: ArrayBufferLike): string;
}

/** Moddable's log: no line end is added. */
declare function trace(...values: unknown[]): void;

/**
 * Called before XS gives up: an uncaught exception, an unhandled rejection, no memory. `false` lets
 * the VM go on; anything else restarts the board.
 */
// eslint-disable-next-line no-var
declare var abort: (message: string, exception: unknown) => boolean;

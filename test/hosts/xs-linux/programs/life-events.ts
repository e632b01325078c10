/**
 * What the programs of life.test.ts are told, and what they tell.
 */

/** How a task lives. */
export interface Life {
  readonly act:
    "idle" | "awaits" | "loops" | "loops later" | "delays" | "ring" | "asks" | "mute" | "returned";
  /** Its own service, and whose it uses. */
  readonly own?: string;
  readonly next?: string;
  readonly limit_ms?: number;
  readonly isMeasured?: boolean;
}

/** What main waits for before it ends. */
export interface Until {
  readonly deaths?: number;
  readonly deadlocks?: number;
  /** Signs of life of this task, from its event loop. */
  readonly idle?: string;
  readonly signs?: number;
  /** This task has shown none for so long. */
  readonly silent?: string;
  readonly silent_ms?: number;
}

/** What is written down. */
export interface LifeEvent {
  readonly event: "death" | "deadlock" | "reboot" | "cost" | "ps";
  readonly text: string;
}

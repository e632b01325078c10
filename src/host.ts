/**
 * The port: everything the kernel needs of the machine it runs on. Types only.
 *
 * A host makes one object of this shape for every VM, before any task code runs in it. There is
 * nothing of Node.js or Moddable above this line of the architecture.
 */

/** What a host provides to the kernel in one VM. */
export interface HostPort {
  /**
   * May this VM block in Atomics.wait? False on the main VM, where XS throws and wedges the whole
   * engine: blocking calls then answer -EDEADLK and MsgReceive only polls.
   */
  readonly mayBlock: boolean;
  /**
   * The most looks at the doorbell before a task goes to sleep. 0 where another task could not run
   * meanwhile: on a chip with a single core, or pinned to one.
   */
  readonly spinMax: number;
  /**
   * The first slice of a sleep, in milliseconds; the next ones are longer, up to 100. Short where
   * wake-ups can be lost. Where they cannot, a short one only costs a timer at every sleep.
   * Infinity, and no timer at all, where a thread of the host that waits for nobody ends the first
   * slice: it notifies the doorbell of a task that has slept for a while, and does not raise it.
   */
  readonly sliceMin_ms: number;
  /** Monotonic time in milliseconds, from any origin that all VMs of the system share. */
  now(): number;
  /**
   * Copies `count` bytes between two arrays that are not views of one buffer. All ranges have been
   * checked, but an array that is not what it seems (it was detached, or says another length than
   * it has) may be too short: then it copies less, or nothing. It never throws and never runs code
   * of the caller, as a client's slot may be claimed meanwhile. Must not allocate on a device.
   */
  copy(
    target: Uint8Array,
    targetStart: number,
    source: Uint8Array,
    sourceStart: number,
    count: number,
  ): void;
  /**
   * Makes the VM's share of the common case in another language, where the host has it; the kernel
   * tells it what it cannot know. `coids` is Vm.coids.
   */
  createMessages?(words: Int32Array, coids: Uint16Array, pid: number): HostMessages | null;
  /**
   * Does what an order of the host's own says: TASK_POISON, from POISON_HOST on. It may take its
   * time, or throw where no message of this task is under way. The order stands until somebody
   * takes it back. Only for fault injection: a device has none.
   */
  obey?(order: number): void;
  /** One line of text for the people who watch: a recovery function that threw, a damaged arena. */
  log(text: string): void;
  /** The manager of this system, as this VM reaches it; null where there is none. */
  readonly manager: ManagerPort | null;
}

/** What a host's own common case of messages (message/common-case.ts) has to be told. */
export interface HostMessages {
  /** The states of the time limit for the next call: Vm.armedStates. */
  arm(states: number): void;
}

/** What the recovery library (src/ha) asks of a manager. */
export interface ManagerPort {
  /** A client has found the server of this service dead. Does not block. */
  serviceLost(service: string): void;
  /**
   * Asks for the task that is declared for a service. Does not wait until it runs. Returns 0, or
   * -ENOENT when none is declared.
   */
  startService(service: string): number;
  /**
   * Has the manager do what a request of src/ham asks for, in this very VM. Only where the manager
   * lives: the main VM may not wait for a reply of its own. Returns what the call does.
   */
  call?(request: Uint8Array, bytes: number): number;
}

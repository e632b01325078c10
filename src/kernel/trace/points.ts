/**
 * The trace points: where the kernel tells a trace of messages what happens.
 *
 * They stand in the sources as calls, and in no product: the build takes each of them out, with
 * what it is given (hosts/moddable/build/trace-points.mjs). The tracing build puts a host's own
 * trace-points.ts in the place of this file, which records (recorder.ts). So here is what can be
 * told, and nothing that does it. A trace point is a statement of its own and returns nothing.
 */
import type { TraceStart } from "./ring.js";

/** The main VM of a device makes the rings: one for each place, of so many records. */
export function traceCreate(_places: number, _records: number | undefined): void {}

/** It is about to restart the board, which loses them. */
export function traceRestart(): void {}

/** It is about to start a task: `start` is what that is told, and gets the rings. */
export function traceLend(_start: object): void {}

/** This VM is an incarnation from here on, with this pid. */
export function traceAttach(_start: Readonly<TraceStart>, _pid: number): void {}

/** The own last act: nothing is recorded after it, as a successor may take the ring. */
export function traceEnd(): void {}

/** Of another task, as main has learnt: its VM exists. */
export function traceStarted(_pid: number): void {}

/** Its program is loaded, and its services are attached. */
export function traceReady(_pid: number): void {}

/** It is gone. */
export function traceDied(_pid: number): void {}

/** The own message is about to be published, with this SLOT_STATE, for the task `server`. */
export function traceSend(_server: number, _sending: number, _bytes: number): void {}

/** The own call has ended; below 0 an error, which may hold LOST. */
export function traceReturn(_status: number): void {}

/** The message of the task `client` has been received. */
export function traceReceive(_client: number, _bytes: number): void {}

/** It is to be answered: nothing of that has happened, and no claim stands. */
export function traceAnswer(_client: number): void {}

/** It is about to be answered. */
export function traceReply(_client: number, _status: number, _bytes: number): void {}

/** A pulse has been sent to the task `server`. */
export function tracePulse(_server: number, _code: number): void {}

/** The pulse in the VM's pulse record has been received. */
export function traceGotPulse(): void {}

/** This VM is about to sleep. A long sleep is many slices, and counts once. */
export function traceBlock(): void {}

/** It has been asleep, and goes on. */
export function traceWake(): void {}

/** The recovery function of this coid is called. */
export function traceRecovering(_coid: number): void {}

/** It has brought the connection back. */
export function traceRecovered(_coid: number): void {}

/** It has returned, or thrown. */
export function traceRecoveryOver(_coid: number): void {}

/**
 * What worker.ts is elsewhere, for the simulators: there a new VM has the mod of the main VM, but
 * none of its names. It learns them here, before anything else happens in it.
 *
 * They get the numbers that they have in the archive, as no name has been new in this VM yet: XS
 * defines the global `archive`, and this name stands below.
 */
import { startWorker } from "reattach";

const learnNames = native("xs_reattach_mod_learnNames");

export default function start() {
  if (globalThis.archive !== undefined) learnNames();
  startWorker();
}

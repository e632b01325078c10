/**
 * The uplink: a life of it begins with a minute without a carrier.
 */
import { EIO, EOK, uptime } from "reattach";
import { serve } from "reattach/service";
import { Uplink } from "./services.js";

const DIALS_MS = 60_000;

export function main(): void {
  const started_ms = uptime();
  serve(Uplink, { report: () => (uptime() - started_ms < DIALS_MS ? -EIO : EOK) });
}

/**
 * The settings.
 */
import { serve } from "reattach/service";
import { Settings } from "./services.js";

const PERIOD_MS = 50;

export function main(): void {
  serve(Settings, { period: (_request, reply) => void (reply.period_ms = PERIOD_MS) });
}

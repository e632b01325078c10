/**
 * Writes what it is told, and when.
 */
import { uptime } from "reattach";
import { serve } from "reattach/service";
import { Primary, Spare } from "./services.js";

export function main({ name }: { readonly name: "primary" | "spare" }): void {
  serve(name === "primary" ? Primary : Spare, {
    write: ({ number }) => void trace(`event ${number} at ${uptime()}\n`),
  });
}

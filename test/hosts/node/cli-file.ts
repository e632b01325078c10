/** The command line as it was built: what users start. */
import { join } from "node:path";

export const CLI = join(import.meta.dirname, "../../../dist/node/hosts/node/cli/main.js");

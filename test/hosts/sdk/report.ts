/**
 * `npm run sdk:report -- [--json]`: what Reattach adds to an application for an ESP32. Needs
 * Moddable's SDK, as `npm run test:sdk` does.
 */
import { parseArgs } from "node:util";
import { measureSizes } from "./sizes.js";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const sizes = await measureSizes();
if (values.json) console.log(JSON.stringify(sizes));
else console.table(sizes);

/**
 * Applications that no board can run, or not as they read: what `reattach check` has to say, and
 * what mcconfig says. Written into folders by the tests of both.
 */
import type { DeviceCase } from "./application.js";
import { CONTENT_CASES } from "./contents.js";
import { MODULE_CASES } from "./modules.js";

export const DEVICE_CASES: readonly DeviceCase[] = [...MODULE_CASES, ...CONTENT_CASES];

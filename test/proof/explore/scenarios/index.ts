/**
 * All scenarios.
 */
import type { Scenario } from "../scenario.js";
import { scenarios as channel } from "./channel.js";
import { scenarios as death } from "./death.js";
import { scenarios as disconnect } from "./disconnect.js";
import { scenarios as event } from "./event.js";
import { scenarios as limit } from "./limit.js";
import { scenarios as message } from "./message.js";
import { scenarios as name } from "./name.js";
import { scenarios as priority } from "./priority.js";
import { scenarios as pulse } from "./pulse.js";
import { scenarios as recovery } from "./recovery.js";
import { scenarios as shared } from "./shared.js";
import { scenarios as task } from "./task.js";

export const scenarios: readonly Scenario[] = [
  ...message,
  ...death,
  ...channel,
  ...pulse,
  ...priority,
  ...disconnect,
  ...name,
  ...task,
  ...recovery,
  ...shared,
  ...event,
  // The longest last.
  ...limit,
];

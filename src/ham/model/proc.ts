/**
 * The manager's state as QNX shows it in /proc/ham: directories for entities and conditions, with
 * a file .info in each, and a file for each action. As plain data, and as text.
 */
import { MAIN_PID } from "../../kernel/task/task.js";
import * as C from "../protocol/constants.js";
import type { HamModel } from "./model.js";
import { type Action, type Condition, type Entity, pathOf } from "./tree.js";
import type { Heart } from "../../manager/monitor/heartbeat.js";
import type { HamDirectory } from "../../manager/status.js";

/** QNX's names, in the order of their numbers. */
const TYPES: readonly string[] = Object.freeze([
  "CONDANY",
  "CONDDEATH",
  "CONDDETACH",
  "CONDRESTART",
  "CONDHBEATMISSEDLOW",
  "CONDHBEATMISSEDHIGH",
  "CONDABNORMALDEATH",
  "CONDATTACH",
  "CONDSTATE",
  "CONDRAISE",
]);

const onOff = (isOn: boolean): string => (isOn ? "ON" : "OFF");
const rearm = (flags: number): string => onOff((flags & C.HREARMAFTERRESTART) !== 0);

/** What the manager knows, as it is now. Main VM only. Allocates. */
export function procTree({ registry, control }: HamModel): HamDirectory {
  const { entities, global } = registry;
  return {
    name: "ham",
    info: [
      ["Ham Pid", String(MAIN_PID)],
      // It has no process: the board's watchdog is the guardian, and a failure restarts the board.
      ["Guardian Pid", "0"],
      ["Ham Failures", "0"],
      ["Guardian Failures", "0"],
      ["Num Entities", String(entities.length)],
      ["Num Conditions", String(registry.conditions)],
      ["Num Actions", String(registry.actions)],
    ],
    children: [global, ...entities].map((entity) => {
      const heart = entity.heart ?? control.heartOf(entity.task);
      return entityNode(entity, heart, global.created_ms);
    }),
  };
}

/** Times count from `start_ms`, when the manager was made. */
function entityNode(entity: Entity, heart: Heart | null, start_ms: number): HamDirectory {
  const { name, pid, conditions, kind } = entity;
  const info: [string, string][] = [
    ["Path", name],
    ["Entity Pid", String(pid)],
    ["Num conditions", String(conditions.length)],
    ["Entity type", kind.toUpperCase()],
    ["Enabled", onOff(entity.isEnabled)],
    ["Created", `${Math.round(entity.created_ms - start_ms)} ms`],
    ["Num Restarts", String(entity.restarts)],
  ];
  if (heart !== null) {
    info.push(["Heartbeat", `${heart.period_ms} ms`], ["Missed", String(heart.missed)]);
  }
  return { name, info, children: conditions.map(conditionNode) };
}

function conditionNode(condition: Condition): HamDirectory {
  const { name, entity, actions, flags, type } = condition;
  return {
    name,
    info: [
      ["Path", `${entity.name}/${name}`],
      ["Entity Pid", String(entity.pid)],
      ["Num Actions", String(actions.length)],
      ["Condition ReArm", rearm(flags)],
      ["Condition type", TYPES[type]],
      ["Enabled", onOff(condition.isEnabled)],
    ],
    children: actions.map(actionNode),
  };
}

function actionNode(action: Action): HamDirectory {
  const { name, condition, flags, spec, fails } = action;
  const info: [string, string][] = [
    ["Path", pathOf(condition, name)],
    ["Entity Pid", String(condition.entity.pid)],
    ["Action ReArm", rearm(flags)],
    ["Enabled", onOff(action.isEnabled)],
  ];
  if (spec.kind === "restart") info.push(["Restart Line", spec.line]);
  else info.push(["Action type", spec.kind]);
  for (const step of fails) info.push(["On failure", `${step.name} (${step.spec.kind})`]);
  return { name, info, children: [] };
}

/** The tree as text: what `ls` and `cat` would show of it, from the top down. */
export function procText(node: HamDirectory, above = ""): string {
  const path = above === "" ? node.name : `${above}/${node.name}`;
  const width = Math.max(...node.info.map(([key]) => key.length));
  const lines = node.info.map(([key, value]) => `  ${key.padEnd(width)} : ${value}\n`);
  const below = node.children.map((child) => procText(child, path));
  return `${path}\n${lines.join("")}${below.join("")}`;
}

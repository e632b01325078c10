/**
 * A description of a board, checked: what is wrong is told in sentences, and all of it at once.
 */
import { allowedNames } from "../../../../src/manifest/suggest.js";
import { found, isObject, type JsonObject } from "../../../../src/manifest/value.js";
import type { BoardDescription } from "./description.js";

const ADDRESS_MAX = 127;
/** More than any chip has. */
const PIN_MAX = 63;
const PORT_MAX = 7;

class Checker {
  readonly problems: string[] = [];

  board(value: unknown): void {
    if (!this.#isShaped(value, "", ["i2c", "pins", "analog", "serial"])) return;
    if (value["i2c"] !== undefined) this.#buses(value["i2c"]);
    this.#table(value["pins"], "pins", PIN_MAX, (pin, path) => this.#pin(pin, path));
    this.#table(value["analog"], "analog", PIN_MAX, (input, path) => this.#analog(input, path));
    this.#table(value["serial"], "serial", PORT_MAX, (port, path) => {
      if (this.#isShaped(port, path, ["onReceive"])) this.#functions(port, path, ["onReceive"]);
    });
  }

  #say(path: string, value: unknown, allowed: string): void {
    const what = typeof value === "function" ? "a function" : found(value);
    this.problems.push(`${path === "" ? "its default export" : path}: found ${what}, ${allowed}`);
  }

  /** Is it an object with none but these keys? */
  #isShaped(value: unknown, path: string, keys: readonly string[]): value is JsonObject {
    if (!isObject(value)) {
      this.#say(path, value, `allowed is an object with ${keys.join(", ")}`);
      return false;
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) this.#say(path, key, allowedNames(key, keys));
    }
    return true;
  }

  #functions(value: JsonObject, path: string, keys: readonly string[]): void {
    for (const key of keys) {
      const item = value[key];
      if (item === undefined || typeof item === "function") continue;
      this.#say(`${path}.${key}`, item, "allowed is a function");
    }
  }

  #whole(value: unknown, path: string, most: number): void {
    if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) return;
    this.#say(path, value, `allowed is a whole number from 0 to ${most}`);
  }

  #oneOf(value: unknown, path: string, allowed: readonly unknown[]): void {
    if (value === undefined || allowed.includes(value)) return;
    this.#say(path, value, `allowed are ${allowed.map(found).join(", ")}`);
  }

  /** An object whose keys are numbers. */
  #table(
    value: unknown,
    path: string,
    most: number,
    check: (item: unknown, path: string) => void,
  ): void {
    if (value === undefined) return;
    if (!isObject(value)) return this.#say(path, value, "allowed is an object");
    for (const [key, item] of Object.entries(value)) {
      const number = Number(key);
      const place = `${path}[${key}]`;
      if (Number.isInteger(number) && number >= 0 && number <= most) check(item, place);
      else this.#say(path, key, `allowed are whole numbers from 0 to ${most}`);
    }
  }

  #buses(value: unknown): void {
    if (!Array.isArray(value)) return this.#say("i2c", value, "allowed is a list of buses");
    value.forEach((bus: unknown, i) => {
      const path = `i2c[${i}]`;
      if (!this.#isShaped(bus, path, ["data", "clock", "devices"])) return;
      this.#whole(bus["data"], `${path}.data`, PIN_MAX);
      this.#whole(bus["clock"], `${path}.clock`, PIN_MAX);
      const devices = bus["devices"] ?? {};
      this.#table(devices, `${path}.devices`, ADDRESS_MAX, (device, place) => {
        this.#device(device, place);
      });
    });
  }

  #device(value: unknown, path: string): void {
    const isTable = isObject(value) && "registers" in value;
    const keys = isTable ? ["registers", "width", "onWrite"] : ["write", "read"];
    if (!this.#isShaped(value, path, keys)) return;
    this.#functions(value, path, isTable ? ["onWrite"] : keys);
    if (!isTable) return;
    this.#oneOf(value["width"], `${path}.width`, [1, 2]);
    const most = value["width"] === 2 ? 0xffff : 0xff;
    this.#table(value["registers"], `${path}.registers`, 0xff, (register, place) => {
      if (typeof register !== "function") this.#whole(register, place, most);
    });
  }

  #pin(value: unknown, path: string): void {
    if (!this.#isShaped(value, path, ["level", "pull", "onLevel", "onDuty"])) return;
    this.#oneOf(value["level"], `${path}.level`, [0, 1]);
    this.#oneOf(value["pull"], `${path}.pull`, ["up", "down"]);
    this.#functions(value, path, ["onLevel", "onDuty"]);
  }

  #analog(value: unknown, path: string): void {
    if (typeof value === "function") return;
    if (typeof value === "number" && value >= 0 && value <= 1) return;
    this.#say(path, value, "allowed is a number from 0 to 1, or a function");
  }
}

/** Adds to `problems` what is wrong; with none, `value` is a description. */
export function isDescription(value: unknown, problems: string[]): value is BoardDescription {
  const checker = new Checker();
  checker.board(value);
  problems.push(...checker.problems);
  return checker.problems.length === 0;
}

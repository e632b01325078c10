/**
 * The modules of a device that the simulator has, by the names under which a program imports them.
 */
import { allowedNames, nearestName } from "../../../src/manifest/suggest.js";

/** Hardware, which needs a description of the board: specifier to the file in modules/. */
export const BOARD_MODULES: Readonly<Record<string, string>> = {
  "embedded:io/analog": "analog",
  "embedded:io/digital": "digital",
  "embedded:io/i2c": "i2c",
  "embedded:io/pwm": "pwm",
  "embedded:io/serial": "serial",
  "embedded:io/smbus": "smbus",
  "pins/analog": "pins-analog",
  "pins/digital": "pins-digital",
  "pins/i2c": "pins-i2c",
  "pins/pwm": "pins-pwm",
  "pins/smbus": "pins-smbus",
};

/** What needs no board. */
export const PLAIN_MODULES: Readonly<Record<string, string>> = { timer: "timer" };

/** Specifiers that only a device can mean. */
const DEVICE_SPECIFIER = /^(embedded:|pins\/)/;

/** What modules of hardware export beside their default, by specifier. */
export const NAMED_EXPORTS: Readonly<Record<string, string>> = {
  "pins/digital": "Digital",
  "pins/i2c": "I2C",
  "pins/pwm": "PWM",
};

const HOW = 'add a stand-in to "modules" in the "node" entry of "platforms"; see docs/hardware.md';

/**
 * Why a program cannot import `specifier` in the simulator, for the modules of a device that it
 * does not have; undefined for any other name. `hasBoard`: the manifest describes one.
 */
export function whyNoModule(specifier: string, hasBoard: boolean): string | undefined {
  if (Object.hasOwn(BOARD_MODULES, specifier)) {
    if (hasBoard) return undefined;
    return (
      `found "${specifier}", but no board is described: name the module that describes it in ` +
      `config.reattach.hardware, in the "node" entry of "platforms"; see docs/hardware.md`
    );
  }
  if (!DEVICE_SPECIFIER.test(specifier)) return undefined;
  if (/^embedded:(sensor|peripheral|x-driver)\//.test(specifier)) {
    return (
      `found "${specifier}", a driver of Moddable's SDK: include its manifest, ` +
      `"$(MODDABLE)/modules/drivers/…/manifest.json", and let MODDABLE name the SDK's folder`
    );
  }
  const names = Object.keys(BOARD_MODULES);
  const near = nearestName(specifier, names);
  if (near !== undefined) return `found "${specifier}", ${allowedNames(specifier, names)}`;
  return `found "${specifier}"; of a device the simulator has ${names.join(", ")}: ${HOW}`;
}

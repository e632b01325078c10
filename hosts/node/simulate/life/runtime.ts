/**
 * What a life has of this package, as one script that runs in its context; the value of the script
 * is what is exported here. Its `Atomics` is the baton's (baton/in-context.ts).
 */
import * as reattach from "../../../../src/index.js";
import * as ham from "../../../../src/ham/index.js";
import * as service from "../../../../src/service/index.js";
import * as analog from "../../hardware/modules/analog.js";
import * as digital from "../../hardware/modules/digital.js";
import * as i2c from "../../hardware/modules/i2c.js";
import * as pinsAnalog from "../../hardware/modules/pins-analog.js";
import * as pinsDigital from "../../hardware/modules/pins-digital.js";
import * as pinsI2c from "../../hardware/modules/pins-i2c.js";
import * as pinsPwm from "../../hardware/modules/pins-pwm.js";
import * as pinsSmbus from "../../hardware/modules/pins-smbus.js";
import * as pwm from "../../hardware/modules/pwm.js";
import * as serial from "../../hardware/modules/serial.js";
import * as smbus from "../../hardware/modules/smbus.js";
import * as timer from "../../hardware/modules/timer.js";

export { attachHardware } from "../../hardware/task/client.js";
export { attachArena } from "../../../../src/arena/arena.js";
export { reportDeath } from "../../../../src/kernel/death/death.js";
export { answerNudge, enterLoop } from "../../../../src/kernel/inspect/vitals.js";
export { STOPPED } from "../../../../src/kernel/task/doorbell.js";
export { useClock } from "../../../../src/kernel/trace/record.js";
export { attachIncarnation, traceEnd } from "../../../../src/kernel/trace/recorder.js";
export { obeyFault } from "../../host/fault-orders.js";
export { attachPoints } from "../../trace/pass-point.js";
export { ManagerClient } from "../../../../src/manager/client.js";
export { createPort } from "./port.js";

/** By the names under which a program imports them. */
export const modules = {
  reattach,
  "reattach/ham": ham,
  "reattach/service": service,
  timer,
  "embedded:io/analog": analog,
  "embedded:io/digital": digital,
  "embedded:io/i2c": i2c,
  "embedded:io/pwm": pwm,
  "embedded:io/serial": serial,
  "embedded:io/smbus": smbus,
  "pins/analog": pinsAnalog,
  "pins/digital": pinsDigital,
  "pins/i2c": pinsI2c,
  "pins/pwm": pinsPwm,
  "pins/smbus": pinsSmbus,
};

/**
 * The modes of a pin, which "embedded:io/digital" and "pins/digital" have by the same names.
 */
import {
  INPUT,
  INPUT_PULL_DOWN,
  INPUT_PULL_UP,
  INPUT_PULL_UP_DOWN,
  OUTPUT,
  OUTPUT_OPEN_DRAIN,
} from "../wire/operations.js";

/** What both classes of a pin inherit. */
// oxlint-disable-next-line typescript/no-extraneous-class -- static is what is inherited
export class DigitalModes {
  static readonly Input = INPUT;
  static readonly InputPullUp = INPUT_PULL_UP;
  static readonly InputPullDown = INPUT_PULL_DOWN;
  static readonly InputPullUpDown = INPUT_PULL_UP_DOWN;
  static readonly Output = OUTPUT;
  static readonly OutputOpenDrain = OUTPUT_OPEN_DRAIN;
}

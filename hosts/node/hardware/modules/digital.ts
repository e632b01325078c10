/**
 * "embedded:io/digital": a pin, as ECMA-419 has it.
 */
import { FALLING, OUTPUT, READ, RISING, WRITE } from "../wire/operations.js";
import { callbackOf, checkFormat, setTarget } from "../task/arguments.js";
import { type Options, Peripheral } from "../task/client.js";
import { DigitalModes } from "../task/digital-modes.js";

export default class Digital extends DigitalModes {
  static readonly Rising = RISING;
  static readonly Falling = FALLING;
  readonly #pin: Peripheral;
  readonly #isActiveLow: boolean;
  readonly #isInput: boolean;

  constructor(options: Options) {
    super();
    checkFormat(options["format"], ["number"]);
    const mode = Number(options["mode"]);
    this.#isInput = mode < OUTPUT;
    this.#isActiveLow = Boolean(options["activeLow"]);
    const onReadable = callbackOf<(this: Digital) => void>(options, "onReadable");
    const isWatching = onReadable !== undefined && this.#isInput;
    setTarget(this, options);
    this.#pin = new Peripheral("digital", { ...options, isWatching });
    if (isWatching) this.#pin.listen((isDue) => void (isDue !== 0 && onReadable.call(this)));
  }

  get format(): string {
    return "number";
  }

  set format(format: string) {
    checkFormat(format, ["number"]);
  }

  read(): number {
    if (!this.#isInput) throw new Error("can't read output");
    return this.#seen(this.#pin.ask(READ));
  }

  write(value: number): void {
    if (this.#isInput) throw new Error("can't write input");
    this.#pin.ask(WRITE, this.#seen(Number(value) ? 1 : 0));
  }

  close(): void {
    this.#pin.close();
  }

  #seen(level: number): number {
    return this.#isActiveLow ? 1 - level : level;
  }
}

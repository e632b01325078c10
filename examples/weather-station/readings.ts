/**
 * The recorded readings, one at a time, straight from the text of the recording.
 *
 * A device has no RAM for a table of 8,759 hours and no time to read 300 KB of text whenever the
 * sensor is restarted. But each line begins with its hour, and hours follow each other without a
 * gap. So a guess where a line may be tells how far it is off, and a few guesses find any line;
 * one reading after the other costs no guess at all.
 */
const HEADER = "date,pressure,temperature,wind\n";
/** "2010-01-01T01:00:00,": then three numbers with one decimal, and the line's end. */
const DATE_CHARS = 20;
const MONTH_AT = 5;
const DAY_AT = 8;
const HOUR_AT = 11;
/** "0.0,0.0,0.0\n" is the shortest that can follow. */
const LINE_BYTES_MIN = DATE_CHARS + 12;
/** The first line is the hour that ends at 1 o'clock. */
const FIRST_HOUR = 1;
/** Hours before each month of a year that is no leap year. */
const MONTH_HOURS = Object.freeze([
  0, 744, 1416, 2160, 2880, 3624, 4344, 5088, 5832, 6552, 7296, 8016,
]);

const NEWLINE = 10;
const COMMA = 44;
const MINUS = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** A reading: day of the year from 0; whole tenths of hPa, of °C, of m/s. */
export interface Reading {
  day: number;
  pressure: number;
  temperature: number;
  wind: number;
}

/** The recording. */
export class Readings {
  /** How many there are. */
  readonly count: number;
  readonly #text: Uint8Array;
  /** A line's number and where it begins: the one after the last that was read. */
  #number = 0;
  #at = HEADER.length;

  /** Throws when that is not the recording. */
  constructor(text: Uint8Array) {
    for (let i = 0; i < HEADER.length; i++) {
      if (text[i] !== HEADER.charCodeAt(i)) {
        throw new Error(`the recording's header is not ${HEADER}`);
      }
    }
    this.#text = text;
    let last = text.length - 1;
    while (text[last - 1] !== NEWLINE) last--;
    this.count = this.#numberAt(last) + 1;
  }

  /** Reads one reading into `reading`. Throws for a number that is not there. */
  read(number: number, reading: Reading): void {
    if (!(number >= 0 && number < this.count)) throw new RangeError(`no reading ${number}`);
    this.#seek(number);
    reading.day = Math.floor((number + FIRST_HOUR) / 24);
    this.#at += DATE_CHARS;
    reading.pressure = this.#readTenths();
    reading.temperature = this.#readTenths();
    reading.wind = this.#readTenths();
    this.#number = number + 1;
  }

  /** Does another day begin after reading `number`? */
  endsDay(number: number): boolean {
    return (number + FIRST_HOUR + 1) % 24 === 0;
  }

  /** Makes the next line the one with this number. */
  #seek(number: number): void {
    if (number < this.#number) {
      this.#number = 0;
      this.#at = HEADER.length;
    }
    // Never too far, since no line is shorter; and at least one line further each time.
    while (this.#number < number) {
      this.#at = this.#lineAfter(this.#at + (number - this.#number) * LINE_BYTES_MIN - 1);
      this.#number = this.#numberAt(this.#at);
    }
    if (this.#number !== number) throw new Error(`hour ${number} is not in the recording`);
  }

  /** Where the first line begins that begins after `at`. */
  #lineAfter(at: number): number {
    const text = this.#text;
    while (text[at] !== NEWLINE) at++;
    return at + 1;
  }

  /** The number of the line that begins at `at`, from its date. */
  #numberAt(at: number): number {
    const month = this.#twoDigits(at + MONTH_AT);
    const day = this.#twoDigits(at + DAY_AT);
    const hour = this.#twoDigits(at + HOUR_AT);
    return MONTH_HOURS[month - 1]! + (day - 1) * 24 + hour - FIRST_HOUR;
  }

  #twoDigits(at: number): number {
    return (this.#text[at]! - DIGIT_0) * 10 + this.#text[at + 1]! - DIGIT_0;
  }

  /** Reads the number at the place, with its one decimal, and what ends it. */
  #readTenths(): number {
    const text = this.#text;
    let at = this.#at;
    let value = 0;
    const isNegative = text[at] === MINUS;
    for (;;) {
      const byte = text[at++]!;
      if (byte === COMMA || byte === NEWLINE) break;
      if (byte >= DIGIT_0 && byte <= DIGIT_9) value = value * 10 + byte - DIGIT_0;
    }
    this.#at = at;
    return isNegative ? -value : value;
  }
}

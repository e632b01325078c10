/**
 * The messages of the weather station: their types, lengths and fields.
 *
 * Every message is a row of little-endian 32-bit words in a buffer that is made once. Measurements
 * are whole tenths (16.4 °C = 164), so that sums are exact wherever they are added up.
 */

/** Words of the longest message and reply; fits the default messageBytes of 128. */
export const MESSAGE_WORDS = 16;
export const MESSAGE_BYTES = 4 * MESSAGE_WORDS;

/** Names under which the services are found. */
export const SENSOR = "sensor";
export const STORE = "store";
export const STATION = "station";

/** Word 0 of each message: what it asks. */
export const READ = 1;
export const PUT = 2;
export const GET = 3;
export const STATUS = 4;
export const FINISH = 5;
export const TOTALS = 6;

/** Word 1 of READ: number of the reading. */
export const READ_NUMBER = 1;
/** Reply to READ: the same number, so that a wrong answer is noticed; then the reading. */
export const READING_NUMBER = 0;
/** Day of the year, from 0. */
export const READING_DAY = 1;
/** What ends with this reading. */
export const READING_ENDS = 2;
export const ENDS_NOTHING = 0;
export const ENDS_DAY = 1;
export const ENDS_YEAR = 2;
/** Tenths of hPa, of °C, of m/s. */
export const READING_PRESSURE = 3;
export const READING_TEMPERATURE = 4;
export const READING_WIND = 5;

/** PUT: word 1 is the day, the summary follows. GET: word 1 is the day; the reply is a summary. */
export const DAY = 1;
export const SUMMARY = 2;

/** GET: nothing is known of that day yet. */
export const STATUS_UNKNOWN_DAY = 1;

/** Reply to TOTALS: the days and hours that were ever put, each once. */
export const TOTAL_DAYS = 0;
export const TOTAL_HOURS = 1;

/** Reply to STATUS. */
export const STATION_SENT = 0;
export const STATION_ANSWERED = 1;
export const STATION_WRONG = 2;
export const STATION_LOST = 3;
export const STATION_YEARS = 4;
export const STATION_DAY = 5;
/** Microseconds. */
export const STATION_P50 = 6;
export const STATION_P99 = 7;
/** 1 when the station has come to the end of its last year. */
export const STATION_IS_FINISHED = 8;

/** A message buffer: the bytes that are sent, and the words in them. Made once, used again. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** A new message of MESSAGE_BYTES. */
export function createMessage(): Message {
  const words = new Int32Array(MESSAGE_WORDS);
  return { words, bytes: new Uint8Array(words.buffer) };
}

/**
 * The messages of the board check: what the client asks of the server, and what it found out, for
 * the main VM.
 */

/** Registered by the server and by the main VM. */
export const SERVER = "server";
export const MAIN = "board-check";

/** A question is two words, its answer one: the value and 1. */
export const ORDER = 0;
export const VALUE = 1;
export const QUESTION_BYTES = 8;
export const ANSWER_BYTES = 4;

/** What the server does besides answering: nothing; */
export const ANSWER = 0;
/** it answers after so many milliseconds as the value says; */
export const ANSWER_LATE = 1;
/** it throws when it has answered; */
export const THROW = 2;
/** it fills its memory when it has answered. */
export const FILL = 3;

/** What the client checks, in this order. */
export const MESSAGES = 0;
export const TIMEOUT = 1;
export const THROWS = 2;
export const MEMORY = 3;
export const KILLS = 4;
/** Not a check: the main VM is to kill the server from now on, until KILLS comes in. */
export const BEGIN_KILLS = -1;

/** A finding is four words: the check, how many messages, how many went wrong, how long. */
export const CHECK = 0;
export const SENT = 1;
export const WRONG = 2;
export const ELAPSED_MS = 3;
export const FINDING_WORDS = 4;
export const FINDING_BYTES = 16;

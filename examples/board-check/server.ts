/**
 * The server of the board check: adds one, and dies in the ways that it is asked to.
 */
import { delay, MsgReceive, MsgReply, name_attach } from "reattach";
import {
  ANSWER_BYTES,
  ANSWER_LATE,
  FILL,
  ORDER,
  QUESTION_BYTES,
  SERVER,
  THROW,
  VALUE,
} from "./protocol.js";

const BLOCK_BYTES = 512;

function fillMemory(): never {
  const blocks: Uint8Array[] = [];
  for (;;) blocks.push(new Uint8Array(BLOCK_BYTES));
}

/** Serves until it dies. */
export function main(): void {
  const chid = name_attach(null, SERVER, 0);
  if (chid < 0) throw new Error(`server: name_attach: ${chid}`);
  const question = new Int32Array(QUESTION_BYTES / 4);
  const answer = new Int32Array(ANSWER_BYTES / 4);
  const questionBytes = new Uint8Array(question.buffer);
  const answerBytes = new Uint8Array(answer.buffer);
  for (;;) {
    const rcvid = MsgReceive(chid, questionBytes, QUESTION_BYTES, null);
    if (rcvid <= 0) continue;
    const order = question[ORDER]!;
    if (order === ANSWER_LATE) delay(question[VALUE]!);
    answer[0] = question[VALUE]! + 1;
    // -ESRCH when the client has given up, and no matter.
    MsgReply(rcvid, 0, answerBytes, ANSWER_BYTES);
    if (order === THROW) throw new Error("as it was asked to");
    if (order === FILL) fillMemory();
  }
}

/**
 * The store: keeps the summary of each day and answers queries.
 *
 * What it keeps is gone with its incarnation. Whoever was told that a day is kept must find it
 * there, so a new store answers no query until the station, in its recovery function, has filled it
 * again and says COMPLETE.
 */
import { EINVAL, MsgError, MsgReceive, MsgReply, name_attach } from "reattach";
import {
  COMPLETE,
  DAY,
  GET,
  MESSAGE_BYTES,
  PUT,
  STATUS_REBUILDING,
  STATUS_UNKNOWN_DAY,
  STORE,
  SUMMARY,
  createMessage,
} from "./protocol.js";
import { copySummary, COUNT, SUMMARY_WORDS } from "./summary.js";

const DAYS_MAX = 366;

/** Serves PUT, COMPLETE and GET for ever. */
export function main(): void {
  const chid = name_attach(null, STORE, 0);
  if (chid < 0) throw new Error(`store: name_attach: ${chid}`);
  const days = new Int32Array(DAYS_MAX * SUMMARY_WORDS);
  const request = createMessage();
  const reply = createMessage();
  let isComplete = false;
  for (;;) {
    const rcvid = MsgReceive(chid, request.bytes, MESSAGE_BYTES, null);
    if (rcvid <= 0) continue;
    const day = request.words[DAY]!;
    const at = day * SUMMARY_WORDS;
    if (request.words[0] === COMPLETE) {
      isComplete = true;
      MsgReply(rcvid, 0, null, 0);
    } else if (day < 0 || day >= DAYS_MAX) {
      MsgError(rcvid, EINVAL);
    } else if (request.words[0] === PUT) {
      copySummary(request.words, SUMMARY, days, at);
      MsgReply(rcvid, 0, null, 0);
    } else if (request.words[0] !== GET) {
      MsgError(rcvid, EINVAL);
    } else if (!isComplete) {
      MsgReply(rcvid, STATUS_REBUILDING, null, 0);
    } else if (days[at + COUNT] === 0) {
      MsgReply(rcvid, STATUS_UNKNOWN_DAY, null, 0);
    } else {
      copySummary(days, at, reply.words, 0);
      MsgReply(rcvid, 0, reply.bytes, MESSAGE_BYTES);
    }
  }
}

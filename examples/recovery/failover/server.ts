/**
 * One program for two services, each of which crashes after some answers.
 */
import { MsgReceive, MsgReply, name_attach } from "reattach";

export interface ServerArgs {
  readonly name: string;
  readonly crashesAfter: number;
}

/** What the primary answers with; the spare answers with SPARE. */
export const PRIMARY = 1;
export const SPARE = 2;

export function main({ name, crashesAfter }: ServerArgs): void {
  const chid = name_attach(null, name, 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  const answer = name === "primary" ? PRIMARY : SPARE;
  for (let answers = 0; answers < crashesAfter;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid <= 0) continue;
    MsgReply(rcvid, answer, null, 0);
    answers++;
  }
  throw new Error(`${name} has answered ${crashesAfter} times`);
}

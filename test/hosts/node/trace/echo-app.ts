/**
 * An application whose client sends and recovers, and whose server answers: files of a folder.
 */
import { reattach } from "../run-process.js";

/** A run of it is over when its client says so: the server has died on the way. */
const ANSWERS = 200;
const DEADLY_MESSAGE = 50;

const CLIENT = `
import { MsgSend, delay, ha_open, restartRecovery } from "reattach";
export function main() {
  let coid = -1;
  while (coid < 0) {
    delay(5);
    coid = ha_open("echo", 0, restartRecovery("echo"), null, 0);
  }
  const message = new Uint8Array(8);
  for (let answers = 1; ; answers++) {
    MsgSend(coid, message, 8, message, 8);
    if (answers === ${ANSWERS}) console.log(answers, "answers");
    delay(1);
  }
}`;
const SERVER = `
import { MsgReceive, MsgReply, name_attach } from "reattach";
export function main() {
  const chid = name_attach(null, "echo", 0);
  const message = new Uint8Array(32);
  for (;;) {
    const rcvid = MsgReceive(chid, message, 32, null);
    if (rcvid > 0) MsgReply(rcvid, 0, message, 8);
  }
}`;

export const ECHO_APP = {
  "manifest.json": {
    modules: { client: "./client", server: "./server" },
    config: { reattach: { tasks: { server: { module: "server" }, client: { module: "client" } } } },
  },
  "client.js": CLIENT,
  "server.js": SERVER,
};

/** `reattach run` with these options until the client has its answers; the server dies before. */
export async function runEcho(
  folder: string,
  ...options: string[]
): Promise<{ code: number | null; stderr: string }> {
  const fault = `kill:server@message:${DEADLY_MESSAGE}`;
  const running = reattach(["run", folder, ...options, "--fault", fault, "--seed", "1"]);
  await running.seen(new RegExp(`${ANSWERS} answers`));
  running.child.kill("SIGTERM");
  return running.ended;
}

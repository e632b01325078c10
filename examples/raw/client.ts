/**
 * A client in QNX's own calls. Its server may crash whenever it likes.
 */
import {
  delay,
  ENOENT,
  ha_attach,
  MsgSend,
  name_open,
  restartRecovery,
  waitForName,
} from "reattach";

export function main(): void {
  let coid = name_open("echo", 0);
  for (; coid === -ENOENT; coid = name_open("echo", 0)) waitForName("echo", Infinity);
  ha_attach(coid, restartRecovery("echo"), null, 0);

  const request = new Uint8Array(8);
  const reply = new Uint8Array(8);
  for (let n = 1; ; n++) {
    request[0] = n;
    const status = MsgSend(coid, request, request.length, reply, reply.length);
    trace(`message ${n}: status ${status}, answer ${reply[0]}\n`);
    delay(100);
  }
}

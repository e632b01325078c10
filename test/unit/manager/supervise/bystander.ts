/**
 * A task of the matrix that does nothing but be there: it registers its name and receives.
 */
import { MsgReceive, name_attach } from "reattach";

export function main({ name }: { name: string }): void {
  const chid = name_attach(null, name, 0);
  for (;;) MsgReceive(chid, null, 0, null);
}

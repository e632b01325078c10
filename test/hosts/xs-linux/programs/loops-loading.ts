/**
 * A task whose module is never loaded: it serves at its top level, and not in main().
 */
import { ChannelCreate, MsgReceive } from "reattach";

const chid = ChannelCreate(0);
for (;;) MsgReceive(chid, null, 0, null);

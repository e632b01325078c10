/**
 * The calls whose common case a host may have in another form: whoever offers them to tasks takes
 * them from here. On Node.js they are the kernel's own. On a device the build puts
 * hosts/moddable/common-case.ts in the place of this file, which does the common case in C and
 * leaves all else to these.
 */
export { MsgReceive } from "./receive.js";
export { MsgError, MsgReply } from "./reply.js";
export { send } from "./send.js";

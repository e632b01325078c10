/**
 * The common case of messages in C: the functions of reattach-messages.c. modules.d.ts has their
 * types.
 */
export const attach = native("xs_reattach_attach");
export const arm = native("xs_reattach_arm");
export const send = native("xs_reattach_send");
export const MsgReceive = native("xs_reattach_MsgReceive");
export const MsgReply = native("xs_reattach_MsgReply");
export const MsgError = native("xs_reattach_MsgError");

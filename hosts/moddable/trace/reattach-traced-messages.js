/**
 * The common case of messages in C, traced, and the writing of a record: the functions of
 * reattach-traced-messages.c. reattach-traced-messages.d.ts has their types.
 */
export const attach = native("xs_reattach_attach");
export const arm = native("xs_reattach_arm");
export const send = native("xs_reattach_send");
export const MsgReceive = native("xs_reattach_MsgReceive");
export const MsgReply = native("xs_reattach_MsgReply");
export const MsgError = native("xs_reattach_MsgError");
export const record = native("xs_reattach_record");

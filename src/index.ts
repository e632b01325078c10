/**
 * What a task imports from "reattach": public names, one by one.
 *
 * @module reattach
 */
export {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_FIXED_PRIORITY,
  _NTO_CHF_REPLY_LEN,
  _NTO_CHF_SENDER_LEN,
  _NTO_CHF_THREAD_DEATH,
  _NTO_CHF_UNBLOCK,
  ChannelCreate,
  ChannelDestroy,
} from "./kernel/channel/channel.js";
export { ConnectAttach } from "./kernel/connection/connect-attach.js";
export {
  ConnectClientInfo,
  ConnectFlags,
  ConnectServerInfo,
} from "./kernel/connection/connection-info.js";
export {
  _NTO_COF_CLOEXEC,
  _NTO_COF_DEAD,
  _NTO_COF_NOSHARE,
  _NTO_SIDE_CHANNEL,
  ND_LOCAL_NODE,
} from "./kernel/connection/connection.js";
export {
  MsgSend,
  MsgSendnc,
  MsgSendPulse,
  MsgSendsv,
  MsgSendsvnc,
  MsgSendv,
  MsgSendvnc,
  MsgSendvs,
  MsgSendvsnc,
} from "./ha/cover.js";
export { sendAsync } from "./ha/async.js";
export {
  ha_attach,
  ha_connection_ctrl,
  ha_detach,
  HA_RECOVERY_ACOUNT,
  HA_RECOVERY_ENABLE,
  HA_RECOVERY_ICOUNT,
  HA_RECOVERY_RESET_ACOUNT,
  HA_RECOVERY_RESET_ICOUNT,
  HA_RECOVERY_SUSPEND,
  HAREPLACERECOVERYFN,
  type RecoveryFunction,
} from "./ha/attach.js";
export {
  ConnectDetach,
  ha_ConnectAttach,
  ha_ConnectDetach,
  ha_ReConnectAttach,
  name_close,
} from "./ha/connect.js";
export { ha_close, ha_creat, ha_dup, ha_open, ha_reopen } from "./ha/open.js";
export { restartRecovery, type RestartOptions } from "./ha/restart.js";
export { Ledger, ledgerBytes, type LedgerOptions } from "./ha/ledger.js";
export { stableCommit, stableRead } from "./kernel/stable.js";
export { MsgError, MsgReceive, MsgReply } from "./kernel/message/common-case.js";
export { MsgReceivePulse, MsgReceivePulsev, MsgReceivev } from "./kernel/message/receive.js";
export {
  MsgCurrent,
  MsgInfo,
  MsgRead,
  MsgReadv,
  MsgReplyv,
  MsgWrite,
  MsgWritev,
} from "./kernel/message/reply.js";
export {
  _PULSE_CODE_COIDDEATH,
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_MAXAVAIL,
  _PULSE_CODE_MINAVAIL,
  _PULSE_CODE_THREADDEATH,
  _PULSE_CODE_UNBLOCK,
  PULSE_BYTES,
  readPulse,
} from "./kernel/pulse/pulse.js";
export {
  createEvent,
  EVENT_BYTES,
  MsgDeliverEvent,
  MsgVerifyEvent,
  packEvent,
  SIGEV_NONE,
  SIGEV_NONE_INIT,
  SIGEV_PULSE,
  SIGEV_PULSE_INIT,
  SIGEV_UNBLOCK,
  SIGEV_UNBLOCK_INIT,
  type Sigevent,
  unpackEvent,
} from "./kernel/message/event.js";
export {
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
} from "./kernel/time/timeout.js";
export { delay } from "./kernel/task/doorbell.js";
export {
  name_attach,
  name_detach,
  NAME_FLAG_DETACH_SAVEDPP,
  name_open,
} from "./kernel/name/name.js";
export { waitForName } from "./kernel/name/wait.js";
export {
  type Dispatch,
  dispatch_block,
  dispatch_context_alloc,
  dispatch_create,
  dispatch_destroy,
  dispatch_handler,
  dispatch_timeout,
  type DispatchContext,
  message_attach,
  message_detach,
  type MessageHandler,
  MSG_FLAG_ALLOC_PULSE,
  pulse_attach,
  pulse_detach,
  type PulseHandler,
} from "./kernel/dispatch.js";
export {
  sharedAcquire,
  sharedMessage,
  sharedRelease,
  sharedView,
} from "./kernel/message/shared-buffer.js";
export {
  _NTO_MI_UNBLOCK_REQ,
  type ClientInfo,
  createClientInfo,
  createIov,
  createMsgInfo,
  createPulse,
  createServerInfo,
  type Iov,
  type MessageInfo,
  type Pulse,
  type ServerInfo,
} from "./arena/records.js";
export { getpid, getprio, systemLimits, uptime } from "./kernel/task/current-task.js";
export type { Limits } from "./arena/limits.js";
export {
  EACCES,
  EAGAIN,
  EBADF,
  EBUSY,
  ECANCELED,
  EDEADLK,
  EEXIST,
  EFAULT,
  EHOSTDOWN,
  EHOSTUNREACH,
  EINTR,
  EINVAL,
  EIO,
  EMFILE,
  EMSGSIZE,
  ENAMETOOLONG,
  ENFILE,
  ENODATA,
  ENODEV,
  ENOENT,
  ENOMEM,
  ENOREMOTE,
  ENOSPC,
  ENOSYS,
  ENOTSUP,
  ENOTTY,
  ENXIO,
  EOK,
  EOVERFLOW,
  EPERM,
  EPROTO,
  ERANGE,
  ERESTART,
  EROFS,
  ESRCH,
  ESRVRFAULT,
  ETIMEDOUT,
  errnoName,
} from "./kernel/errno.js";

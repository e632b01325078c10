/**
 * What a task imports from "reattach/service": public names, one by one.
 */
export {
  type Accessors,
  bool,
  f32,
  f64,
  type Field,
  i16,
  i32,
  i8,
  type NumberField,
  type NumberKind,
  oneOf,
  type Part,
  type Scalar,
  u16,
  u32,
  u8,
} from "./fields.js";
export { array, bytes, struct, type StructField } from "./parts.js";
export { text, textBytes } from "./text.js";
export type { Fields, Layout, Readable, Writable } from "./layout.js";
export {
  call,
  type CallDefinition,
  type CallOptions,
  type CallSpec,
  defineService,
  type Members,
  pulse,
  type PulseDefinition,
  type PulseSpec,
  type ReplyOf,
  type RequestOf,
  type Service,
  type ServiceOptions,
} from "./define.js";
export {
  type Client,
  type ClientCall,
  type ClientPulse,
  open,
  type OpenOptions,
} from "./client.js";
export type { ClientConnection } from "./connection.js";
export { LATER } from "./route.js";
export {
  type CommonServerOptions,
  type Handler,
  type Handlers,
  serve,
  Server,
  type ServerCall,
  type ServerCalls,
  type ServerOptions,
} from "./server.js";

/** Comlink has types beside one form of its adapter only. */
declare module "comlink/dist/esm/node-adapter.mjs" {
  import type { Endpoint } from "comlink";
  import type { Worker } from "node:worker_threads";

  export default function nodeEndpoint(worker: Worker): Endpoint;
}

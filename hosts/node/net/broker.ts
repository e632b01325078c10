/**
 * A broker of MQTT in this process, for development and tests: aedes, from npm. It keeps nothing on
 * a disk and asks nobody for a password, so it listens on this machine alone.
 */
import { createServer, type AddressInfo, type Socket } from "node:net";
import { UsageError } from "../input-error.js";
import { loadOptional } from "../optional-package.js";

const NO_AEDES = 'broker: that needs the package "aedes": npm install aedes@1';
const HOST = "127.0.0.1";

export interface Broker {
  /** "mqtt://127.0.0.1:1883". */
  readonly url: string;
  /** Ends it and all connections, as when its machine is switched off. */
  stop(): Promise<void>;
}

/**
 * Starts a broker; port 0 is one that is free. Rejects with a UsageError when npm's "aedes" is not
 * installed, or the port is taken.
 */
export async function startBroker(port: number): Promise<Broker> {
  const { Aedes } = await loadOptional(
    () => import("aedes"),
    () => new UsageError(NO_AEDES),
  );
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    // An answer of a few bytes is not to wait for more.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(new UsageError(`broker: port ${port}: ${error.message}`));
    });
    server.listen(port, HOST, resolve);
  });
  return {
    url: `mqtt://${HOST}:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}

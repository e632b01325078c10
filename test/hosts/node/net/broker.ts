/**
 * A broker of MQTT for tests: aedes, in this process, on a free port of this machine.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";

export interface Broker {
  /** "mqtt://127.0.0.1:…". */
  readonly url: string;
  /** Ends it, and all connections: as when its machine is switched off. */
  stop(): Promise<void>;
}

/** Starts a broker; with `port`, on that of one that was there before. */
export async function startBroker(port = 0): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${taken}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}

/** Listens on a Unix socket and answers with the bytes that it gets. */
import { createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const server = createServer((socket) => socket.on("data", (bytes) => socket.write(bytes)));
server.listen(workerData, () => parentPort.postMessage("listens"));

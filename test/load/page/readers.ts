/**
 * A process that reads the stream of `reattach dev` as so many pages do, and draws nothing. Says
 * "ready" when each has had a frame; ends when its standard input does, and says how much was read.
 *
 *     readers.ts <address of /events> <token> <count>
 */
const [address = "", token = "", count = "1"] = process.argv.slice(2);

const abort = new AbortController();
let bytes = 0;
let ready = 0;

async function read(): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(address, { headers, signal: abort.signal });
  if (!response.ok || response.body === null) throw new Error(`/events: ${response.status}`);
  const decoder = new TextDecoder();
  let isReady = false;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (isReady || !decoder.decode(piece, { stream: true }).includes('"type":"frame"')) continue;
    isReady = true;
    if (++ready === Number(count)) process.stdout.write("ready\n");
  }
}

process.stdin.on("end", () => abort.abort()).resume();
const streams = Array.from({ length: Number(count) }, () =>
  read().catch((error: Error) => {
    if (!abort.signal.aborted) throw error;
  }),
);
await Promise.all(streams);
process.stdout.write(`${bytes}\n`);

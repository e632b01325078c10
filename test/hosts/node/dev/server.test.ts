/**
 * The server of `reattach dev`: whom it turns away, and why; and that nobody who reads slowly, or
 * says too much, is a burden.
 */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { pathToFileURL } from "node:url";
import test, { type Test } from "tape";
import { Desk } from "../../../../hosts/node/control/desk.js";
import { judgeSource } from "../../../../hosts/node/dev/guard.js";
import { openStudio, type Studio } from "../../../../hosts/node/dev/server.js";
import { Watcher } from "../../../../hosts/node/watch/watcher.js";
import { Patience } from "../../../patience.js";
import { fakeControllable } from "../fake-controllable.js";
import { folderOf } from "../temp-folder.js";

const PAGE = { "index.html": "<!doctype html>", "page.js": "1;", "page.css": "a {}" };

/** Who watches, without a system. */
class Streams {
  readonly watchers_ = new Set<Watcher>();
  isFull = false;

  get watchers(): number {
    return this.watchers_.size;
  }

  join(stream: NodeJS.WritableStream, wrap: (json: string) => string): boolean {
    const watcher: Watcher = new Watcher({
      stream: stream as never,
      wrap,
      every: 1,
      gone: () => this.watchers_.delete(watcher),
    });
    this.watchers_.add(watcher);
    watcher.welcome('{"type":"welcome"}');
    return true;
  }
}

/** As Metrics: its methods need their object. */
class Numbers {
  readonly type = "text/plain";
  readonly #text = "a 1\n";

  async text(): Promise<string> {
    return this.#text;
  }
}

interface Stage {
  readonly studio: Studio;
  readonly streams: Streams;
  readonly did: string[];
}

async function stageOf(t: Test): Promise<Stage> {
  const did: string[] = [];
  const streams = new Streams();
  const desk = new Desk(
    fakeControllable("/app/manifest.json", (action) => did.push(action)),
    null,
  );
  const studio = await openStudio({
    desk: { answer: desk.answer.bind(desk), watch: async () => streams },
    metrics: new Numbers(),
    page: pathToFileURL(`${folderOf(t, PAGE)}/`),
    port: 0,
  });
  t.teardown(() => studio.close());
  return { studio, streams, did };
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

function send(port: number, { method = "GET", path = "/", headers = {}, body }: Sent) {
  return httpRequest({ host: "127.0.0.1", port, method, path, headers }).end(body);
}

async function get({ port }: Studio, sent: Sent): Promise<Got> {
  const [response] = (await once(send(port, sent), "response")) as [IncomingMessage];
  let text = "";
  for await (const piece of response.setEncoding("utf8")) text += piece as string;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = new Patience(20_000);
  while (!isSo()) {
    if (patience.isOver) throw new Error(`never: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const KILL = '{"call":"kill","task":"store"}';
const JSON_TYPE = { "Content-Type": "application/json" };

test("dev: the address has a token of 128 bits behind the #", async (t) => {
  const { studio } = await stageOf(t);
  const { hash, port, hostname } = new URL(studio.address);
  t.deepEqual([hostname, Number(port)], ["127.0.0.1", studio.port]);
  t.match(hash, /^#[\w-]{22}$/);
  const other = await stageOf(t);
  t.notEqual(other.studio.token, studio.token);
});

test("dev: the files of the page, and no others", async (t) => {
  const { studio } = await stageOf(t);
  for (const [path, text] of [
    ["/", PAGE["index.html"]],
    ["/index.html", PAGE["index.html"]],
    ["/page.js", PAGE["page.js"]],
    ["/page.css", PAGE["page.css"]],
  ] as const) {
    const got = await get(studio, { path });
    t.deepEqual([got.status, got.text], [200, text], path);
  }
  const wrong = [
    "/package.json",
    "/../package.json",
    "/%2e%2e/package.json",
    "/page.js/../../x",
    "/constructor",
    "/__proto__",
    "//",
    "/page.js%00",
    "http://[/",
  ];
  for (const path of wrong) {
    const { status } = await get(studio, { path });
    t.ok(status === 404 || status === 400, `${path}: ${status}`);
  }
});

test("dev: what goes with every answer, good or bad", async (t) => {
  const { studio } = await stageOf(t);
  for (const path of ["/", "/events", "/metrics", "/call", "/nothing"]) {
    const { headers } = await get(studio, { path });
    const csp = String(headers["content-security-policy"]);
    t.match(csp, /default-src 'none'/, path);
    t.match(csp, /frame-ancestors 'none'/);
    t.doesNotMatch(csp, /unsafe|\*/);
    t.equal(headers["x-content-type-options"], "nosniff");
    t.equal(headers["referrer-policy"], "no-referrer");
    t.equal(headers["cross-origin-opener-policy"], "same-origin");
    t.equal(headers["cross-origin-resource-policy"], "same-origin");
    t.equal(headers["access-control-allow-origin"], undefined);
  }
});

test("dev: nothing but the page without the token, and nothing is done", async (t) => {
  const { studio, did, streams } = await stageOf(t);
  const { token } = studio;
  const wrong = ["", token.slice(1), `${token}x`, token.toLowerCase(), "x".repeat(22)];
  for (const given of wrong.filter((guess) => guess !== token)) {
    const headers = { ...JSON_TYPE, Authorization: `Bearer ${given}` };
    for (const [method, path] of [
      ["GET", "/events"],
      ["GET", "/metrics"],
      ["GET", `/events?token=${token}`],
      ["GET", `/metrics?token=${given}`],
      ["POST", "/call"],
      ["POST", `/call?token=${token}`],
    ] as const) {
      const { status } = await get(studio, { method, path, headers, body: KILL });
      t.equal(status, 401, `${path} with "${given}"`);
    }
  }
  t.deepEqual([did, streams.watchers], [[], 0]);
});

test("dev: a page of another server is turned away, and one under another name", async (t) => {
  const { studio, did } = await stageOf(t);
  const { port } = studio;
  const Authorization = `Bearer ${studio.token}`;
  const strangers: readonly (readonly [number, Record<string, string>])[] = [
    [421, { Host: `evil.example:${port}` }],
    [421, { Host: "127.0.0.1" }],
    [421, { Host: `127.0.0.1:${port + 1}` }],
    [421, { Host: `127.0.0.1.evil.example:${port}` }],
    [403, { Origin: "http://evil.example" }],
    [403, { Origin: "null" }],
    [403, { Origin: `https://127.0.0.1:${port}` }],
    [403, { Origin: `http://127.0.0.1:${port + 1}` }],
    [403, { Origin: `http://localhost:${port}` }],
    [403, { "Sec-Fetch-Site": "cross-site" }],
    [403, { "Sec-Fetch-Site": "same-site" }],
  ];
  for (const [expected, stranger] of strangers) {
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/events"],
      ["POST", "/call"],
    ] as const) {
      const headers = { ...JSON_TYPE, Authorization, ...stranger };
      const { status } = await get(studio, { method, path, headers, body: KILL });
      t.equal(status, expected, `${path} ${JSON.stringify(stranger)}`);
    }
  }
  t.deepEqual(did, []);
  for (const own of [
    {},
    { Origin: `http://127.0.0.1:${port}`, "Sec-Fetch-Site": "same-origin" },
    { Host: `localhost:${port}`, Origin: `http://localhost:${port}` },
    { Host: `[::1]:${port}` },
  ]) {
    const headers = { ...JSON_TYPE, Authorization, ...own };
    const { status } = await get(studio, { method: "POST", path: "/call", headers, body: KILL });
    t.equal(status, 200, JSON.stringify(own));
  }
  t.equal(did.length, 4);
});

test("dev: of the port 80 a browser says nothing", (t) => {
  t.equal(judgeSource({ host: "127.0.0.1", origin: "http://127.0.0.1" }, 80), null);
  t.equal(judgeSource({ host: "127.0.0.1:80" }, 80), null);
  t.equal(judgeSource({ host: "127.0.0.1" }, 8080)?.status, 421);
  t.end();
});

test("dev: an order is a POST of JSON, short, and its answer is that of the control", async (t) => {
  const { studio, did } = await stageOf(t);
  const Authorization = `Bearer ${studio.token}`;
  const call = (sent: Sent) => {
    const headers = { ...JSON_TYPE, Authorization, ...sent.headers };
    return get(studio, { method: "POST", path: "/call", ...sent, headers });
  };
  t.equal((await call({ method: "GET" })).status, 405);
  t.equal((await call({ method: "PUT", body: KILL })).status, 405);
  t.equal((await call({ headers: { "Content-Type": "text/plain" }, body: KILL })).status, 415);
  const form = "application/x-www-form-urlencoded";
  t.equal((await call({ headers: { "Content-Type": form }, body: KILL })).status, 415);
  const long = JSON.stringify({ call: "kill", task: "x".repeat(5_000) });
  t.equal((await call({ body: long })).status, 413);
  for (const body of ["", "x", "[]", '{"call":"format"}', '{"call":"watch"}']) {
    const { status, text } = await call({ body });
    t.deepEqual([status, (JSON.parse(text) as { ok: boolean }).ok], [400, false], body);
  }
  t.match((await call({ body: '{"call":"kill","task":"nobody"}' })).text, /UNKNOWN_TASK/);
  t.deepEqual(did, []);
  const { status, text } = await call({ body: KILL });
  t.deepEqual([status, text], [200, '{"ok":true,"value":null}']);
  t.deepEqual(did, ["kill store"]);
});

test("dev: /metrics, with the token in a header or in the address", async (t) => {
  const { studio } = await stageOf(t);
  const Authorization = `Bearer ${studio.token}`;
  t.equal((await get(studio, { path: "/metrics", headers: { Authorization } })).text, "a 1\n");
  t.equal((await get(studio, { path: `/metrics?token=${studio.token}` })).status, 200);
});

test("dev: /events are server-sent events, until whoever reads them goes", async (t) => {
  const { studio, streams } = await stageOf(t);
  const headers = { Authorization: `Bearer ${studio.token}` };
  const request = send(studio.port, { path: "/events", headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  t.equal(response.headers["content-type"], "text/event-stream");
  const [first] = (await once(response, "data")) as [Buffer];
  t.equal(first.toString(), 'data: {"type":"welcome"}\n\n');
  t.equal(streams.watchers, 1);
  request.destroy();
  response.on("error", () => undefined);
  await until(() => streams.watchers === 0);
  t.pass("gone");
  streams.isFull = true;
  const { status, text } = await get(studio, { path: "/events", headers });
  t.equal(status, 503);
  t.match(text, /BUSY/);
});

test("dev: a reader that reads nothing costs a bounded amount of memory", async (t) => {
  const { studio, streams } = await stageOf(t);
  const socket = connect(studio.port, "127.0.0.1");
  t.teardown(() => void socket.destroy());
  socket.on("error", () => undefined).pause();
  socket.write(
    `GET /events HTTP/1.1\r\nHost: 127.0.0.1:${studio.port}\r\n` +
      `Authorization: Bearer ${studio.token}\r\n\r\n`,
  );
  await until(() => streams.watchers === 1);
  const [watcher] = streams.watchers_;
  const json = JSON.stringify({ type: "event", event: { text: "x".repeat(1_000) } });
  let most = 0;
  // 200 MB in all.
  for (let i = 0; i < 200; i++) {
    for (let j = 0; j < 1_000; j++) {
      watcher!.event(json);
      watcher!.frame(json);
    }
    most = Math.max(most, watcher!.waiting);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.ok(most <= 1_000, `${most} events waited at the most`);
  t.equal(streams.watchers, 1, "it may still read");
  socket.destroy();
  await until(() => streams.watchers === 0);
});

test("dev: the port that somebody else has is said to be taken", async (t) => {
  const { studio } = await stageOf(t);
  const page = pathToFileURL(`${folderOf(t, PAGE)}/`);
  const options = {
    desk: {
      answer: async () => ({ ok: true, value: null }) as const,
      watch: async () => new Streams(),
    },
    metrics: { type: "", text: async () => "" },
    page,
    port: studio.port,
  };
  const error = await openStudio(options).then(
    () => null,
    (reason: Error) => reason,
  );
  t.match(String(error?.message), /^--port: found \d+, but it is taken$/);
});

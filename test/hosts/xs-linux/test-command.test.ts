/**
 * `reattach test --engine xs`: tests of an application on XS, from the command line.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import { whyNot } from "../../../hosts/xs-linux/build.mjs";
import { CLI } from "../node/cli-file.js";
import { writeFiles } from "../node/temp-folder.js";

const ROOT = join(import.meta.dirname, "../../..");

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What --json prints, as far as it is looked at here. */
interface Printed {
  readonly ok: boolean;
  readonly problems?: readonly string[];
  readonly tests: readonly { readonly title: string; readonly message: string | null }[];
  readonly tasks: readonly {
    readonly name: string;
    readonly lives: number;
    readonly slots: number;
    readonly chunkBytes: number;
    readonly stackSlots: number;
    readonly suggestion: { readonly static: number; readonly stack: number };
  }[];
}

const manifest = (creation: object): string =>
  JSON.stringify({
    include: ["$(MODDABLE)/examples/manifest_base.json", join(ROOT, "manifest.json")],
    modules: { "*": "./server" },
    config: { reattach: { tasks: { server: { module: "server", creation } } } },
  });

/** Serves without end; `main` begins with this. */
const serving = (
  start = "",
): string => `import { MsgReceive, MsgReply, name_attach } from "reattach";
export function main() {
  ${start}
  const chid = name_attach(null, "server", 0);
  const bytes = new Uint8Array(8);
  for (;;) {
    const rcvid = MsgReceive(chid, bytes, bytes.length, null);
    if (rcvid > 0) MsgReply(rcvid, 0, bytes, bytes.length);
  }
}
`;

/** A test that asks the server once. */
const ASKS = `"it answers"() {
    let coid;
    while ((coid = name_open("server", 0)) < 0) delay(1);
    const bytes = new Uint8Array(8);
    if (MsgSend(coid, bytes, 8, bytes, 8) !== 0) throw new Error("no answer");
  },`;
const testing = (tests = ASKS): string => `import { delay, MsgSend, name_open } from "reattach";
export const tests = { ${tests} };
`;

/** Writes an application, and runs the command on it. */
async function command(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = ["--json"],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-app-"));
  try {
    writeFiles(folder, { "manifest.json": manifest({}), "server.js": serving(), ...files });
    const child = spawn(process.execPath, [CLI, "test", "--engine", "xs", folder, ...args], {
      env,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    return { code, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printed({ stdout, stderr }: Result): Printed {
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Printed;
}

/** A test that needs XS. */
function testOnXs(title: string, body: (t: test.Test) => Promise<void>): void {
  test(`reattach test --engine xs: ${title}`, async (t) => {
    const why = whyNot();
    if (why !== null) return t.skip(why);
    await body(t);
  });
}

testOnXs("a test that passes, and what the task has had of its memory", async (t) => {
  const result = await command({ "first.xs.js": testing() });
  t.equal(result.code, 0, result.stderr);
  const { ok, tests, tasks } = printed(result);
  t.ok(ok);
  t.deepEqual(
    tests.map(({ title, message }) => [title, message]),
    [
      ["it answers", null],
      ["no task has died, and the board has not restarted", null],
    ],
  );
  const [server] = tasks;
  t.equal(tasks.length, 1, "the task of the tests is not in it");
  t.equal(server?.name, "server");
  t.equal(server?.lives, 1);
  t.ok(server!.slots > 100 && server!.stackSlots > 50 && server!.chunkBytes > 0, "it has had some");
  t.equal(server?.suggestion.stack, 736, "a stack of the default is the least");
});

testOnXs("what a task keeps shows in its slots, and in what would do", async (t) => {
  const keeping = serving("const kept = []; for (let i = 0; i < 500; i++) kept.push({ i });");
  const app = { "first.xs.js": testing(), "server.js": keeping };
  const less = printed(await command({ "first.xs.js": testing() })).tasks[0]!;
  const more = printed(await command({ ...app, "manifest.json": manifest({ static: 65_536 }) }));
  const grown = more.tasks[0]!;
  t.ok(
    grown.slots - less.slots >= 1_000,
    `${grown.slots} after ${less.slots}: two for each object`,
  );
  t.ok(grown.suggestion.static > less.suggestion.static);
});

testOnXs("a task that needs more than its creation gives has died", async (t) => {
  const keeping = serving("const kept = []; for (;;) kept.push({});");
  const result = await command({ "first.xs.js": testing(), "server.js": keeping });
  t.equal(result.code, 1);
  const { tests } = printed(result);
  t.match(tests.at(-1)?.message ?? "", /^server died: memory/, "it is said of what");
});

testOnXs("a stack that overflows restarts the board: it is told", async (t) => {
  const deep = serving("const down = (n) => n === 0 ? 0 : 1 + down(n - 1); down(1e5);");
  const result = await command({ "first.xs.js": testing(), "server.js": deep });
  t.equal(result.code, 1);
  t.match(printed(result).tests.at(-1)?.message ?? "", /exit code 42: fxAbort: .*stack overflow/);
});

testOnXs("as TAP: a test that fails, with what it has found", async (t) => {
  const wrong = `"one is two"(t) { t.equal(1, 2, "one"); },
    "an object is slots"(t) {
      const { slots } = t.allocated(() => ({ a: 1 }));
      t.ok(slots >= 2, "slots");
      t.equal(t.allocated(() => 1).slots, 0);
    },
    async "a promise"() {},`;
  const { code, stdout } = await command({ "first.xs.js": testing(wrong) }, []);
  t.equal(code, 1);
  t.match(
    stdout,
    /^not ok 1 - one is two\n {2}---\n {2}message: "Error: one: found 1, expected 2/m,
  );
  t.match(stdout, /^ok 2 - an object is slots$/m);
  t.match(stdout, /^not ok 3 - a promise\n.*\n.*promise/m);
  t.match(stdout, /^1\.\.4\n# tests 4\n# pass {2}2\n# fail {2}2$/m);
});

testOnXs("tests that do not end are ended", async (t) => {
  const endless = `"it loops"() { for (;;); }, "another"() {},`;
  const options = ["--json", "--timeout", "3s"];
  const result = await command({ "first.xs.js": testing(endless) }, options);
  t.equal(result.code, 1);
  const messages = printed(result).tests.map(({ message }) => message);
  t.match(messages[0] ?? "", /^it did not come to its end$/);
  t.match(messages.at(-1) ?? "", /within 3 s/);
});

test("reattach test --engine xs: what is wrong is said before anything runs", async (t) => {
  const none = await command({});
  t.equal(none.code, 2);
  t.match(printed(none).problems?.[0] ?? "", /found no file named \*\.xs\.ts/);
  const other = await command({ "first.xs.js": "export const test = {};" });
  t.equal(other.code, 2);
  t.match(
    printed(other).problems?.[0] ?? "",
    /exports test, but a file of tests must export tests/,
  );
  const engine = await command({}, ["--engine", "v8"]);
  t.equal(engine.code, 2);
  t.match(engine.stderr, /--engine: found "v8", allowed is xs/);
});

test("reattach test --engine xs: what the machine lacks is said, and how to get it", async (t) => {
  const env = { ...process.env, PATH: "" };
  const { code, stdout, stderr } = await command({ "first.xs.js": testing() }, [], env);
  t.equal(code, 2);
  t.equal(stdout, "", "no TAP, which would pass");
  t.match(stderr, /cc is not installed[^]*apt-get install gcc gcc-multilib make/);
});

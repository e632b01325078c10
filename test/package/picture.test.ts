/**
 * README's picture: it shows all of the recording, of a run that went well, and no more.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { picture, type Recording } from "../../docs/build/picture.js";
import { describe } from "../../examples/weather-station/story.js";

const FOLDER = join(import.meta.dirname, "../../docs/pictures");
/** It is loaded with README. */
const BYTES_MAX = 60_000;

const recording = JSON.parse(
  readFileSync(join(FOLDER, "weather-station.json"), "utf8"),
) as Recording;
const written = recording.writes.map(({ text }) => text).join("");

function textsOf(svg: string): string[] {
  const texts = [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)];
  return texts.map(([, text = ""]) => text.replaceAll(/<[^>]+>/g, ""));
}

test("picture: all that the terminal showed, as text, and not too much for a page", (t) => {
  const svg = picture(recording);
  t.ok(Buffer.byteLength(svg) < BYTES_MAX, `${Buffer.byteLength(svg)} bytes`);
  t.match(svg, /<title id="title">.+<\/title>\n<desc id="description">/, "with a title");
  const texts = textsOf(svg);
  const lines = written.split("\r\n").map((line) => line.slice(line.lastIndexOf("\u001b[K") + 1));
  const last = lines.map((line) => line.replace(/^\[K/, "")).filter((line) => line !== "");
  for (const line of last) t.ok(texts.includes(line), line);
  t.ok(texts.length > last.length + 10, `${texts.length} lines: the status, as it changed, too`);
  for (const text of texts.slice(1)) t.ok(written.includes(text), `so it was written: ${text}`);
  t.end();
});

test("picture: what is overwritten goes when the next comes, and the end stays", (t) => {
  const svg = picture({
    command: "run",
    writes: [
      { at_ms: 1_000, text: "\r\u001b[Kone" },
      { at_ms: 2_000, text: "\r\u001b[Ktwo <&\r\n" },
      { at_ms: 3_000, text: "three" },
    ],
  });
  t.match(svg, /@keyframes k0\{0%\{opacity:0\}10%\{opacity:1\}20%\{opacity:0\}\}/, "one");
  t.match(svg, /@keyframes k1\{0%\{opacity:0\}20%\{opacity:1\}\}/, "two");
  t.match(svg, /two &lt;&amp;<\/text>\n<text class="l k2" x="22" y="81">three</, "a line below");
  t.end();
});

test("picture: it was recorded of the report as it is today, and nothing was lost", (t) => {
  const lines = (text: string): string[] =>
    text.split(/\r?\n/).map((line) => line.replaceAll(/\d+/g, "#"));
  const today = describe({
    years: 1,
    sent: 1,
    answered: 1,
    crashes: 1,
    recoveries: 1,
    lost: 0,
    wrong: 0,
    repeated: 0,
    repeatedHours: 0,
    p50_us: 1,
    p99_us: 1,
    saves: 0,
  });
  for (const line of lines(today)) t.ok(lines(written).includes(line), line);
  t.match(written, /\n {2}lost +0\r\n/);
  t.end();
});

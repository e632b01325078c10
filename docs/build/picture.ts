/**
 * The picture at the top of README: what a terminal showed while the weather station was killed
 * again and again (record.ts), as an SVG with text in it that is moved by CSS alone.
 *
 * It plays as fast as it was, then stands still for a while and begins again. Who has asked their
 * system for less motion sees the end.
 */

/** What a program wrote to a terminal. */
export interface Recording {
  readonly command: string;
  readonly writes: readonly { readonly at_ms: number; readonly text: string }[];
}

/** A line of the terminal, and when it is there: from `at_ms` until `until_ms`. */
interface Shown {
  readonly row: number;
  readonly text: string;
  readonly at_ms: number;
  readonly until_ms: number;
}

const TITLE = "A weather station whose tasks are killed again and again, and loses nothing";

/** How long the end stands still. */
const HOLD_MS = 7_000;
const WIDTH = 860;
const LEFT = 22;
const TOP = 62;
const LINE = 19;
const FONT = 13.5;

/** In the terminal: back to the start of the line, and all of it empty. */
const CLEAR = "\r\u001b[K";

/** Plays a recording to a terminal: every line that it ever showed. */
function play({ writes }: Recording): { readonly lines: Shown[]; readonly end_ms: number } {
  const lines: Shown[] = [];
  let [row, text, since_ms, end_ms] = [0, "", 0, 0];
  const keep = (until_ms: number): void => {
    if (text !== "") lines.push({ row, text, at_ms: since_ms, until_ms });
  };
  for (const write of writes) {
    end_ms = write.at_ms;
    // A terminal makes "\r\n" of "\n"; then "\r" alone is free for CLEAR.
    const written = write.text.replaceAll("\r\n", "\n").replaceAll(CLEAR, "\r");
    for (const part of written.split(/([\n\r])/)) {
      if (part === "") continue;
      if (part === "\r") {
        keep(end_ms);
        text = "";
      } else if (part === "\n") {
        keep(Infinity);
        text = "";
        row++;
      } else {
        if (text === "") since_ms = end_ms;
        text += part;
      }
    }
  }
  keep(Infinity);
  return { lines: lines.filter((line) => line.until_ms > line.at_ms), end_ms };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** What is coloured: crashes, and that nothing was lost. */
function coloured(text: string): string {
  return escaped(text)
    .replace(/^(\[\w+\])/, '<tspan class="d">$1</tspan>')
    .replace(/(\d+ crashes|^ {2}crashes +\d+)/, '<tspan class="r">$1</tspan>')
    .replace(/(\d+ recoveries|^ {2}recoveries +\d+)/, '<tspan class="b">$1</tspan>')
    .replace(/(0 lost|^ {2}(?:lost|wrong) +0|^Nothing was lost.*)/, '<tspan class="g">$1</tspan>');
}

/** A number of a style, without what says nothing. */
function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** Lines without the empty ones at both ends; rows count from 0. */
function trimmed(lines: readonly Shown[]): Shown[] {
  const first = Math.min(...lines.map(({ row }) => row));
  return lines.map((line) => ({ ...line, row: line.row - first }));
}

/** Draws a recording. The same recording is always the same text. */
export function picture(recording: Recording): string {
  const played = play(recording);
  const lines = trimmed(played.lines);
  const whole_ms = played.end_ms + HOLD_MS;
  const height = TOP + LINE * (Math.max(...lines.map(({ row }) => row)) + 1) + 8;
  const styles: string[] = [];
  const texts = lines.map(({ row, text, at_ms, until_ms }, index) => {
    const percent = (ms: number): string => `${short((100 * ms) / whole_ms)}%`;
    const end = until_ms === Infinity ? "" : `${percent(until_ms)}{opacity:0}`;
    styles.push(`@keyframes k${index}{0%{opacity:0}${percent(at_ms)}{opacity:1}${end}}`);
    styles.push(`.k${index}{animation-name:k${index}}`);
    const kind = until_ms === Infinity ? "l" : "l s";
    const y = short(TOP + LINE * row);
    return `<text class="${kind} k${index}" x="${LEFT}" y="${y}">${coloured(text)}</text>`;
  });
  const last = lines.filter(({ until_ms }) => until_ms === Infinity).map(({ text }) => text);
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  const description = escaped(`$ ${recording.command}\n${last.join("\n")}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" \
aria-labelledby="title description">
<title id="title">${TITLE}</title>
<desc id="description">${description}</desc>
<style>
text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;\
fill:#d6dde6;white-space:pre}
.l{animation:${short(whole_ms / 1_000)}s step-end infinite}
.s{opacity:0}
.d{fill:#8b98a8}.r{fill:#ff8f85}.g{fill:#7ee2a0}.b{fill:#8fc7ff}.p{fill:#7ee2a0}
@media (prefers-reduced-motion:reduce){.l{animation:none}}
${styles.join("\n")}
</style>
<rect x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="#10161e" \
stroke="#3a4656"/>
<text x="${LEFT}" y="31"><tspan class="p">$</tspan> ${escaped(recording.command)}</text>
${texts.join("\n")}
</svg>
`;
}

/**
 * The types of services: a right program compiles, and each wrong line of types.ts is found.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import ts from "typescript";

const FILE = join(import.meta.dirname, "types.ts");
const MARK = "// @ts-expect-error";
const CONFIG = join(import.meta.dirname, "../../tsconfig.json");

/** Lines of the file in which TypeScript finds something, where it has this text. */
function linesFound(text: string): number[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    CONFIG,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
      },
    },
  );
  // Without an output folder its own package is what was built, as for everybody else.
  const { outDir: _, ...options } = { ...config!.options, types: [] };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (path === FILE ? text : read(path));
  const program = ts.createProgram([FILE], options, host);
  const found = ts.getPreEmitDiagnostics(program).map(({ file, start = 0 }) => {
    if (file?.fileName !== FILE) throw new Error(`${file?.fileName}: is wrong`);
    return file.getLineAndCharacterOfPosition(start).line + 1;
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

test("types: what is right compiles, and every line that is wrong is found", (t) => {
  const text = readFileSync(FILE, "utf8");
  t.deepEqual(linesFound(text), [], "as it stands");
  const marked = text.split("\n").flatMap((line, i) => (line.includes(MARK) ? [i + 2] : []));
  t.ok(marked.length > 20, `${marked.length} lines are marked`);
  t.deepEqual(linesFound(text.replaceAll(MARK, "//")), marked, "without the marks");
  t.end();
});

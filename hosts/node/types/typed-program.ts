/**
 * An application as TypeScript sees it: the files of its tsconfig.json, checked again and again.
 *
 * The compiler's builder keeps what it has found of each file, and looks again at those that have
 * changed and at those whose types follow from them.
 */
import { statSync } from "node:fs";
import { dirname, sep } from "node:path";
import type * as typescript from "typescript";
import { isInPackage } from "../compile/packages.js";
import { placeOf, textOf } from "./compiler.js";
import type { TypeProblem, TypesAnswer } from "./protocol.js";

type Ts = typeof typescript;
type Diagnostic = typescript.Diagnostic;
type SourceFile = typescript.SourceFile;

/** In TypeScript, or a declaration. */
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** A tsconfig.json as it was read. */
interface Config {
  readonly parsed: typescript.ParsedCommandLine | undefined;
  readonly errors: readonly Diagnostic[];
  /** It and those that it extends: their text by their file. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A source as it was read. */
interface Source {
  /** What its file looked like. */
  readonly stamp: string;
  readonly file: SourceFile;
}

export class TypedProgram {
  readonly #ts: Ts;
  readonly #config: string;
  #builder: typescript.SemanticDiagnosticsBuilderProgram | undefined;
  /** By their paths. */
  #sources = new Map<string, Source>();
  /** What the sources were read with, and which files that includes. */
  #configText = "";
  #roots = "";
  /** A name may lead to another file than last time. */
  #isMoved = false;

  /** `config` is the absolute path of the tsconfig.json. */
  constructor(ts: Ts, config: string) {
    this.#ts = ts;
    this.#config = config;
  }

  /**
   * Checks programs as their files are now. `sources` are those that are known to belong to them;
   * types may lead to more. What is wrong in other files of the tsconfig.json is not told. Blocks:
   * the first time for a second or more.
   */
  check(sources: readonly string[]): TypesAnswer {
    const { parsed, errors, texts } = this.#readConfig();
    const configs = [...texts.keys()];
    if (parsed === undefined || errors.length > 0) {
      return { problems: this.#told(errors), outside: [], inputs: configs, newest_ms: 0 };
    }
    const builder = this.#build(parsed, [...texts.values()].join("\n"));
    const program = builder.getProgram();
    const typed = sources.filter((file) => TYPESCRIPT.test(file));
    const outside = typed.filter((file) => program.getSourceFile(file) === undefined);
    const files = this.#reachedFrom(builder, typed);
    const found = [
      ...builder.getOptionsDiagnostics(),
      ...builder.getGlobalDiagnostics(),
      ...this.#diagnosticsOf(builder, files),
    ];
    const problems = this.#told(found);
    this.#isMoved = problems.length > 0;
    const names = files.map(({ fileName }) => fileName);
    const times = names.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    const inputs = [...configs, ...names, ...this.#declarations(program)];
    return { problems, outside, inputs, newest_ms: Math.max(0, ...times) };
  }

  #readConfig(): Config {
    const { sys, getParsedCommandLineOfConfigFile: read } = this.#ts;
    const texts = new Map([[this.#config, ""]]);
    const errors: Diagnostic[] = [];
    const parsed = read(this.#config, undefined, {
      ...sys,
      readFile: (file) => {
        const text = sys.readFile(file);
        if (!isInPackage(file)) texts.set(file, text ?? "");
        return text;
      },
      onUnRecoverableConfigFileDiagnostic: (error) => errors.push(error),
    });
    return { parsed, errors: [...errors, ...(parsed?.errors ?? [])], texts };
  }

  #build(
    { fileNames, options, errors, projectReferences }: typescript.ParsedCommandLine,
    configText: string,
  ): typescript.SemanticDiagnosticsBuilderProgram {
    const ts = this.#ts;
    if (configText !== this.#configText) {
      // Files are parsed in another way with other options.
      this.#sources = new Map();
      this.#builder = undefined;
      this.#configText = configText;
    }
    const roots = fileNames.join("\n");
    const isMoved = this.#isMoved || roots !== this.#roots;
    this.#roots = roots;
    const host = ts.createIncrementalCompilerHost(options, ts.sys);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (file, how, fail) => this.#source(file, () => read(file, how, fail));
    // What names lead to is kept, too, of files that are as they were; a file may have come.
    host.hasInvalidatedResolutions = (path) => isMoved && !isInPackage(path);
    this.#builder = ts.createSemanticDiagnosticsBuilderProgram(
      fileNames,
      options,
      host,
      this.#builder,
      errors,
      projectReferences,
    );
    return this.#builder;
  }

  /** A source, read again when its file is another than last time. */
  #source(file: string, read: () => SourceFile | undefined): SourceFile | undefined {
    const known = this.#sources.get(file);
    // The files of packages stay as they are.
    if (known !== undefined && isInPackage(file)) return known.file;
    const stat = statSync(file, { throwIfNoEntry: false });
    const stamp = stat === undefined ? "" : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
    if (known !== undefined && known.stamp === stamp) return known.file;
    this.#sources.delete(file);
    const source = read();
    if (source !== undefined && stamp !== "") this.#sources.set(file, { stamp, file: source });
    return source;
  }

  /** The application's own among the files that these lead to, and themselves. */
  #reachedFrom(
    builder: typescript.SemanticDiagnosticsBuilderProgram,
    sources: readonly string[],
  ): SourceFile[] {
    const program = builder.getProgram();
    const names = new Set<string>();
    for (const name of sources) {
      const file = program.getSourceFile(name);
      if (file === undefined || names.has(file.fileName)) continue;
      for (const reached of builder.getAllDependencies(file)) names.add(reached);
    }
    const files = [...names].map((name) => program.getSourceFile(name));
    return files.filter((file) => file !== undefined).filter((file) => this.#isOwn(file));
  }

  /** Declarations of the application: what they say may hold everywhere. */
  #declarations(program: typescript.Program): string[] {
    const files = program.getSourceFiles().filter((file) => file.isDeclarationFile);
    return files.filter((file) => this.#isOwn(file)).map(({ fileName }) => fileName);
  }

  /** Declarations beside the application are those of a package that is linked here. */
  #isOwn({ fileName, isDeclarationFile }: SourceFile): boolean {
    if (isInPackage(fileName)) return false;
    const dir = dirname(this.#config).replaceAll(sep, "/");
    return !isDeclarationFile || fileName.startsWith(dir.endsWith("/") ? dir : `${dir}/`);
  }

  #diagnosticsOf(
    builder: typescript.SemanticDiagnosticsBuilderProgram,
    files: readonly SourceFile[],
  ): Diagnostic[] {
    const wanted = new Set(files);
    // What is known of those that are affected by a change is dropped, and found again if wanted.
    const isUnwanted = (file: SourceFile): boolean => !wanted.has(file);
    while (builder.getSemanticDiagnosticsOfNextAffectedFile(undefined, isUnwanted) !== undefined);
    return files.flatMap((file) => [
      ...builder.getSyntacticDiagnostics(file),
      ...builder.getSemanticDiagnostics(file),
    ]);
  }

  /** The errors among them, each once. */
  #told(diagnostics: readonly Diagnostic[]): TypeProblem[] {
    const ts = this.#ts;
    const told = new Map<string, TypeProblem>();
    for (const each of diagnostics) {
      if (each.category !== ts.DiagnosticCategory.Error) continue;
      const text = textOf(ts, each);
      const file = each.file?.fileName ?? this.#config;
      const sentence = `${placeOf(each, this.#config)}: ${text}`;
      told.set(sentence, { text: sentence, key: `${file}: ${text}` });
    }
    return [...told.values()];
  }
}

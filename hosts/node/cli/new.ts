/**
 * `reattach new`: a folder with an application in it that runs, is tested, and links for a board.
 *
 * The application is an example as it stands, with a package around it. Nothing is asked of the
 * network.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { InputError, UsageError } from "../input-error.js";
import { EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { ownFolder, ownPackage } from "./own-package.js";
import { DEFAULT_TEMPLATE, type Template, TEMPLATES } from "./templates.js";

/** Where a manifest of the examples finds this package, and where one of an application does. */
const FROM_EXAMPLE = "../../";
const FROM_APPLICATION = "./node_modules/reattach/";
/** What an application is checked with: as this package is, so with versions that fit. */
const TOOLS = ["@moddable/xs-types", "@types/node", "typescript"] as const;
/** The name that Moddable's types have on npm; this repository has them by an alias. */
const ALIAS = /^npm:(@moddable\/typings)@(.+)$/;

/**
 * What an application has to name as its dependency to get this very package: its version, or the
 * file or folder that it came from.
 */
function specOf(root: string, version: string): string {
  const modules = dirname(root);
  if (basename(modules) !== "node_modules") return `file:${root}`;
  const lock = join(modules, ".package-lock.json");
  if (!existsSync(lock)) return version;
  const { packages } = JSON.parse(readFileSync(lock, "utf8")) as {
    packages: Record<string, { resolved?: string }>;
  };
  const source = packages[`node_modules/${basename(root)}`]?.resolved ?? "";
  return source.startsWith("file:")
    ? `file:${resolve(dirname(modules), source.slice(5))}`
    : version;
}

function toolsOf(devDependencies: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    TOOLS.map((name) => {
      const version = devDependencies[name]!;
      const alias = ALIAS.exec(version);
      return alias === null ? [name, version] : [alias[1]!, alias[2]!];
    }),
  );
}

/** A name that npm takes. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "");
  return name === "" ? "application" : name;
}

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The types of a board: there are no others in its programs. */
const DEVICE_TYPES = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: "ES2022",
    lib: ["ES2022"],
    module: "ESNext",
    moduleResolution: "bundler",
    skipLibCheck: true,
    types: ["@moddable/typings/xs"],
    paths: { "embedded:io/*": ["./node_modules/@moddable/typings/embedded_io/*"] },
  },
  include: ["*.ts"],
  exclude: ["board.ts", "simulation.ts"],
};

/** The simulated board, and what tests check, run in Node.js. */
const NODE_TYPES = {
  extends: "./tsconfig.json",
  compilerOptions: { types: ["node"] },
  include: ["board.ts", "simulation.ts"],
  exclude: [],
};

/** For VS Code: docs/debugging.md has it too. */
const LAUNCH = {
  version: "0.2.0",
  configurations: [
    {
      name: "Debug in the simulator",
      type: "node",
      request: "launch",
      runtimeExecutable: "npx",
      // VS Code opens the inspector; with this Reattach looks whom it holds.
      runtimeArgs: ["reattach", "run", "manifest.json", "--inspect"],
      console: "integratedTerminal",
      skipFiles: ["<node_internals>/**", "**/node_modules/**"],
    },
  ],
};

/** A job of the workflow: what it runs once the packages are there. */
function jobOf(name: string, commands: readonly string[]): string {
  const steps = commands.map((command) => `      - run: ${command}\n`);
  return `  ${name}:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm install
${steps.join("")}`;
}

const WORKFLOW = `name: Test

on: [push, pull_request]

jobs:
${jobOf("test", ["npm run check", "npm test"])}`;

/** One job more: the tests on the engine of the board. */
const WORKFLOW_XS = jobOf("xs", [
  "sudo apt-get update && sudo apt-get install -y gcc gcc-multilib make",
  "npm run test:xs",
]);

function readmeOf(name: string, { start, test, files }: Template, hasXsTests: boolean): string {
  const xs = hasXsTests
    ? "\n    npm run test:xs  # tests on XS, the engine of the board; needs gcc and make"
    : "";
  return `# ${name}

    npm install
    npm start        # ${start}
    npm run dev      # with a page; what is saved replaces what runs, once its types are right
    npm test         # ${test}${xs}
    npm run check    # what a board would say of it, and all types

On a board, with Moddable's SDK:

    mcconfig -d -m -p esp32

\`\`\`
${files}
\`\`\`

The guides are in \`node_modules/reattach/docs\`: begin with services.md, recovery.md, testing.md.
`;
}

function wrong(problem: string): InputError {
  return new InputError(problem, [problem]);
}

/** Makes a folder, unless it is there and empty. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isFile = code === "EEXIST";
    const why = isFile ? "found a file, allowed is a new or an empty folder" : message;
    throw wrong(`${folder}: ${why}`);
  }
  if (readdirSync(folder).length > 0) {
    throw wrong(`${folder}: found a folder with files in it, allowed is a new or an empty one`);
  }
}

/** Writes the application. Throws an InputError for a folder that cannot be had or is not empty. */
export function createApplication(folder: string, template: Template): void {
  makeFolder(folder);
  const root = ownFolder();
  const { version, devDependencies } = ownPackage();
  const example = join(root, template.example);
  cpSync(example, folder, {
    recursive: true,
    filter: (path) => basename(path) !== "README.md",
  });
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const manifest = readFileSync(join(example, "manifest.json"), "utf8");
  write("manifest.json", manifest.replaceAll(`"${FROM_EXAMPLE}`, `"${FROM_APPLICATION}`));
  const name = packageName(resolve(folder));
  const hasXsTests = readdirSync(example).some((file) => file.endsWith(".xs.ts"));
  write(
    "package.json",
    asJson({
      name,
      private: true,
      type: "module",
      scripts: {
        dev: "reattach dev",
        start: ["reattach run .", ...template.faults].join(" --fault "),
        test: "node --test",
        ...(hasXsTests ? { "test:xs": "reattach test --engine xs" } : {}),
        check: "reattach check . && tsc && tsc -p tsconfig.board.json",
      },
      dependencies: { reattach: specOf(root, version) },
      devDependencies: toolsOf(devDependencies),
    }),
  );
  write("tsconfig.json", asJson(DEVICE_TYPES));
  write("tsconfig.board.json", asJson(NODE_TYPES));
  write(".gitignore", "node_modules/\n");
  write(".vscode/launch.json", asJson(LAUNCH));
  write(".github/workflows/test.yml", hasXsTests ? WORKFLOW + WORKFLOW_XS : WORKFLOW);
  write("README.md", readmeOf(name, template, hasXsTests));
}

function templateOf(name: string): Template {
  if (Object.hasOwn(TEMPLATES, name)) return TEMPLATES[name]!;
  const names = Object.keys(TEMPLATES);
  throw new UsageError(`--template: found "${name}", ${allowedNames(name, names)}`);
}

/** Creates an application and says how to go on. Resolves to the exit code. */
export async function create(argv: string[]): Promise<number> {
  const { positionals, values } = readOptions(argv, {
    options: { template: { type: "string", default: DEFAULT_TEMPLATE } },
    required: ["folder"],
  });
  const folder = resolve(positionals[0]!);
  createApplication(folder, templateOf(values.template));
  const shown = relative(process.cwd(), folder);
  const enter = shown === "" ? "" : `    cd ${shown}\n`;
  process.stdout.write(`${folder} has an application in it. Go on with

${enter}    npm install
    npm start
`);
  return EXIT_GOOD;
}

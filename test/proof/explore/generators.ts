/**
 * Rewrites the kernel so that a scheduler owns every operation on shared memory.
 *
 * Each function that touches the arena becomes a generator, and each operation (a call of
 * atomic.ts, Atomics.wait and notify, a plain read or write of a word, the host's copy and clock)
 * becomes a point at which it may be left and resumed, or never resumed: killed. Nothing else
 * changes, and the sources know nothing of it. What an operation does is machine.ts.
 *
 *     load($words, at)         ($x.load($words, at) ? yield : $x.result)
 *     $own[L.SLOT_SENT] = n    ($x.poke($own, L.SLOT_SENT, n) ? yield : $x.result)
 *     awaitEnd(states, until)  (yield* awaitEnd(states, until))
 *
 * Which functions these are follows from the calls: those with an operation, and those that call
 * one of them, or a function that they were handed.
 */
import ts from "typescript";

/** Numbers that only bound a repetition, and what they are while exploring. */
export type Constants = Readonly<Record<string, number>>;

type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

/** What a call is to the explorer. */
type Call =
  | { readonly kind: "operation"; readonly name: string }
  | { readonly kind: "function"; readonly node: FunctionNode }
  /** A function that was handed in: known only when it is called. */
  | { readonly kind: "unknown" }
  | { readonly kind: "plain" };

const PLAIN: Call = { kind: "plain" };
/** Calls of atomic.ts, by name. */
const ATOMICS = new Set(["load", "store", "cas", "add", "and", "or"]);

/** Finds out which functions have to become generators. */
export class Effects {
  readonly #checker: ts.TypeChecker;
  readonly #isExplored: (file: ts.SourceFile) => boolean;
  readonly #effectful = new Set<ts.Node>();

  constructor(
    checker: ts.TypeChecker,
    files: readonly ts.SourceFile[],
    isExplored: (file: ts.SourceFile) => boolean,
  ) {
    this.#checker = checker;
    this.#isExplored = isExplored;
    const callers = new Map<ts.Node, Set<ts.Node>>();
    for (const file of files) this.#collect(file, null, callers);
    this.#spread(callers);
  }

  has(node: ts.Node): boolean {
    return this.#effectful.has(node);
  }

  /** A word of typed memory, which may be the arena's. */
  isWord(node: ts.Node): node is ts.ElementAccessExpression {
    return (
      ts.isElementAccessExpression(node) &&
      this.#checker.getTypeAtLocation(node.expression).symbol?.name === "Int32Array"
    );
  }

  callOf(node: ts.CallExpression): Call {
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && isPort(callee.expression)) {
      const name = callee.name.text;
      return name === "now" || name === "copy" ? { kind: "operation", name } : PLAIN;
    }
    if (ts.isIdentifier(callee)) {
      const name = this.#operationNamed(callee);
      if (name !== null) return { kind: "operation", name };
    }
    const declaration = this.#checker.getResolvedSignature(node)?.declaration;
    if (declaration === undefined) return PLAIN;
    if (!this.#isExplored(declaration.getSourceFile())) return PLAIN;
    if (isFunction(declaration)) return { kind: "function", node: declaration };
    return { kind: "unknown" };
  }

  /** The operation that an identifier stands for: a constant of atomic.ts or of doorbell.ts. */
  #operationNamed(callee: ts.Identifier): string | null {
    let symbol = this.#checker.getSymbolAtLocation(callee);
    if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0) {
      symbol = this.#checker.getAliasedSymbol(symbol);
    }
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined) return null;
    const { fileName } = declaration.getSourceFile();
    if (fileName.endsWith("/src/arena/atomic.ts") && ATOMICS.has(symbol.name)) return symbol.name;
    const isWait = symbol.name === "wait" || symbol.name === "notify";
    return isWait && fileName.endsWith("/src/kernel/task/doorbell.ts") ? symbol.name : null;
  }

  /** Notes, for each function, who calls it; functions with an operation of their own are in. */
  #collect(node: ts.Node, within: ts.Node | null, callers: Map<ts.Node, Set<ts.Node>>): void {
    const inside = isFunction(node) ? node : within;
    if (inside !== null && this.isWord(node)) this.#effectful.add(inside);
    if (inside !== null && ts.isCallExpression(node)) {
      const call = this.callOf(node);
      if (call.kind === "operation" || call.kind === "unknown") this.#effectful.add(inside);
      if (call.kind === "function") {
        const known = callers.get(call.node) ?? new Set();
        callers.set(call.node, known.add(inside));
      }
    }
    ts.forEachChild(node, (child) => this.#collect(child, inside, callers));
  }

  #spread(callers: ReadonlyMap<ts.Node, ReadonlySet<ts.Node>>): void {
    const work = [...this.#effectful];
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      // A constructor runs at once: who makes an object is not interrupted by it.
      if (ts.isConstructorDeclaration(node)) continue;
      for (const caller of callers.get(node) ?? []) {
        if (this.#effectful.has(caller)) continue;
        this.#effectful.add(caller);
        work.push(caller);
      }
    }
  }
}

function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

/** `$vm.port`, `vm.port`. */
function isPort(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === "port";
}

/** The rewriting, as a transformer of TypeScript's emitter. */
export function toGenerators(
  effects: Effects,
  isExplored: (file: ts.SourceFile) => boolean,
  constants: Constants,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) =>
    isExplored(file) ? new Rewriter(effects, context, constants).file(file) : file;
}

class Rewriter {
  readonly #effects: Effects;
  readonly #context: ts.TransformationContext;
  readonly #factory: ts.NodeFactory;
  readonly #constants: Constants;
  /** The function that the node lies in may be left: it is a generator. */
  #mayYield = false;

  constructor(effects: Effects, context: ts.TransformationContext, constants: Constants) {
    this.#effects = effects;
    this.#context = context;
    this.#factory = context.factory;
    this.#constants = constants;
  }

  file(file: ts.SourceFile): ts.SourceFile {
    return ts.visitEachChild(file, this.#visit, this.#context);
  }

  readonly #visit = (node: ts.Node): ts.Node => {
    if (isFunction(node)) return this.#function(node);
    if (ts.isVariableDeclaration(node)) return this.#constant(node);
    if (ts.isBinaryExpression(node) && this.#effects.isWord(node.left)) {
      const operator = node.operatorToken.kind;
      const isAssignment = operator === ts.SyntaxKind.EqualsToken || PLAIN_OPERATORS.has(operator);
      if (isAssignment) return this.#assignment(node, node.left);
    }
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (this.#effects.isWord(node.operand)) return this.#step(node, node.operand);
    }
    if (this.#effects.isWord(node)) return this.#read(node);
    if (ts.isCallExpression(node)) return this.#call(node);
    return this.#children(node);
  };

  #children<Node extends ts.Node>(node: Node): Node {
    return ts.visitEachChild(node, this.#visit, this.#context);
  }

  #expression(node: ts.Expression): ts.Expression {
    return ts.visitNode(node, this.#visit) as ts.Expression;
  }

  #function(node: FunctionNode): ts.Node {
    const before = this.#mayYield;
    this.#mayYield = this.#effects.has(node) && !ts.isConstructorDeclaration(node);
    const visited = this.#children(node);
    const isGenerator = this.#mayYield;
    this.#mayYield = before;
    return isGenerator ? this.#generator(visited) : visited;
  }

  #generator(node: FunctionNode): ts.Node {
    const { factory } = this.#context;
    const star = factory.createToken(ts.SyntaxKind.AsteriskToken);
    const { modifiers, typeParameters, parameters } = node;
    if (ts.isFunctionDeclaration(node)) {
      const { name, body } = node;
      return factory.updateFunctionDeclaration(
        node,
        modifiers,
        star,
        name,
        typeParameters,
        parameters,
        undefined,
        body,
      );
    }
    if (ts.isMethodDeclaration(node)) {
      const { name, body } = node;
      return factory.updateMethodDeclaration(
        node,
        modifiers,
        star,
        name,
        undefined,
        typeParameters,
        parameters,
        undefined,
        body,
      );
    }
    if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) {
      throw new Error(`explore: ${node.getText()} touches the arena and cannot be interrupted`);
    }
    const body = ts.isBlock(node.body)
      ? node.body
      : factory.createBlock([factory.createReturnStatement(node.body)]);
    return factory.createParenthesizedExpression(
      factory.createFunctionExpression([], star, undefined, [], parameters, undefined, body),
    );
  }

  #constant(node: ts.VariableDeclaration): ts.Node {
    const value = ts.isIdentifier(node.name) ? this.#constants[node.name.text] : undefined;
    if (value === undefined) return this.#children(node);
    const literal = this.#factory.createNumericLiteral(value);
    return this.#factory.updateVariableDeclaration(node, node.name, undefined, undefined, literal);
  }

  #read(node: ts.ElementAccessExpression): ts.Expression {
    return this.#operation("peek", [
      this.#expression(node.expression),
      this.#expression(node.argumentExpression),
    ]);
  }

  #write(target: ts.ElementAccessExpression, value: ts.Expression): ts.Expression {
    return this.#operation("poke", [
      this.#expression(target.expression),
      this.#expression(target.argumentExpression),
      value,
    ]);
  }

  #assignment(node: ts.BinaryExpression, target: ts.ElementAccessExpression): ts.Expression {
    const value = this.#expression(node.right);
    const plain = PLAIN_OPERATORS.get(node.operatorToken.kind);
    if (plain === undefined) return this.#write(target, value);
    return this.#write(
      target,
      this.#factory.createBinaryExpression(this.#read(target), plain, value),
    );
  }

  /** `++words[i]` and `words[i]++`; what the latter returns is put right afterwards. */
  #step(
    node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
    target: ts.ElementAccessExpression,
  ): ts.Expression {
    const one = this.#factory.createNumericLiteral(1);
    const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
    if (!isUp && node.operator !== ts.SyntaxKind.MinusMinusToken) {
      const operand = this.#read(target);
      return this.#factory.createPrefixUnaryExpression(node.operator, operand);
    }
    const [up, down] = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken] as const;
    const next = this.#factory.createBinaryExpression(this.#read(target), isUp ? up : down, one);
    const written = this.#write(target, next);
    if (ts.isPrefixUnaryExpression(node)) return written;
    return this.#factory.createParenthesizedExpression(
      this.#factory.createBinaryExpression(written, isUp ? down : up, one),
    );
  }

  #call(node: ts.CallExpression): ts.Expression {
    const call = this.#effects.callOf(node);
    if (call.kind === "operation") {
      const args = node.arguments.map((argument) => this.#expression(argument));
      return this.#operation(call.name, args);
    }
    if (call.kind === "plain" && node.arguments.some((given) => this.#effects.has(given))) {
      throw new Error(`explore: nobody would resume what is given to ${node.getText()}`);
    }
    const visited = this.#children(node);
    if (call.kind === "unknown") return this.#delegate(this.#runtime("finish", [visited]));
    if (call.kind === "function" && this.#effects.has(call.node)) return this.#delegate(visited);
    return visited;
  }

  /** Calls a generator function to its end: interruptibly, or, in a constructor, at once. */
  #delegate(call: ts.Expression): ts.Expression {
    if (!this.#mayYield) return this.#runtime("run", [call]);
    const star = this.#factory.createToken(ts.SyntaxKind.AsteriskToken);
    return this.#factory.createParenthesizedExpression(
      this.#factory.createYieldExpression(star, call),
    );
  }

  #operation(name: string, args: readonly ts.Expression[]): ts.Expression {
    // These are several operations: a copy goes word by word.
    if (name === "copy" || name === "wait") return this.#delegate(this.#runtime(name, args));
    const { factory } = this.#context;
    const resumed = this.#mayYield
      ? factory.createYieldExpression(undefined, undefined)
      : this.#runtime("force", []);
    const result = factory.createPropertyAccessExpression(factory.createIdentifier("$x"), "result");
    return factory.createParenthesizedExpression(
      factory.createConditionalExpression(
        this.#runtime(name, args),
        undefined,
        resumed,
        undefined,
        result,
      ),
    );
  }

  #runtime(name: string, args: readonly ts.Expression[]): ts.Expression {
    const { factory } = this.#context;
    const machine = factory.createIdentifier("$x");
    const method = factory.createPropertyAccessExpression(machine, name);
    return factory.createCallExpression(method, undefined, args);
  }
}

const PLAIN_OPERATORS: ReadonlyMap<ts.SyntaxKind, ts.BinaryOperator> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.PlusToken],
  [ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.MinusToken],
  [ts.SyntaxKind.BarEqualsToken, ts.SyntaxKind.BarToken],
  [ts.SyntaxKind.AmpersandEqualsToken, ts.SyntaxKind.AmpersandToken],
  [ts.SyntaxKind.CaretEqualsToken, ts.SyntaxKind.CaretToken],
]);

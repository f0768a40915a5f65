/** Which code and which parameters each step of a pipeline mentions. */

import { type Freedom, freedomOf } from "./effects.ts";
import { type CodePart, codePart } from "./code_part.ts";
import { libraries, makers, readers } from "./language.ts";
import { constantValue, rootOf, variableOf } from "./names.ts";
import type { ParsedModule, Variable } from "./parse.ts";
import { type Cut, readPart, type Wiring } from "./part.ts";
import { isBare } from "./specifier.ts";
import {
  below,
  childrenOf,
  declaredIn,
  fixedName,
  hasDefaults,
  isFunction,
  isNode,
  literalText,
  type SyntaxNode,
  withoutTypes,
} from "./syntax.ts";

/** A piece of code in the wiring function, and where it stands. */
export interface WiredPart {
  readonly code: CodePart;
  /** Where it stands; -1 for a function, which is there from the beginning. */
  readonly at: number;
}

/** One call of the builder. */
export interface NodeFacts extends WiredPart {
  /** Name of the step where it is written out. */
  readonly name: string;
  /** The list that a fan-out runs over. */
  readonly items?: CodePart;
  /** Whether it is made in any case. */
  readonly certain: boolean;
}

/** Code of the wiring function beside the builder's calls. */
export interface WiringCode extends WiredPart {
  /** The variables that it declares, by number. */
  readonly locals: readonly number[];
  /** When running it has no effect beside making its value: then it counts for its readers. */
  readonly load: Freedom;
}

/** How a pipeline's file wires it. */
export interface PipelineFacts {
  /** The steps whose names are written out. */
  readonly nodes: readonly NodeFacts[];
  /** Everything else that the wiring function does. */
  readonly rest: readonly WiringCode[];
  /** Whether there are others, whose names are not written out. */
  readonly dynamic: boolean;
  /** Parameters that the wiring mentions anywhere; `*` for all. */
  readonly mentioned: readonly string[];
  /** All of it, for steps that are declared in a way that cannot be followed. */
  readonly whole: CodePart;
}

const methods = new Set(["step", "each", "file", "resource"]);

/** Methods that change what they are called on. */
const changing =
  /^(add|append|assign|clear|copyWithin|delete|fill|pop|push|reverse|set|shift|sort|splice|unshift)$/;

/** Reads `pipeline(name, options, build)`; undefined if a value is something else. */
export function readPipeline(
  module: ParsedModule,
  declaration: SyntaxNode,
): PipelineFacts | undefined {
  if (declaration.type !== "CallExpression") return undefined;
  const build = functionOf(module, (declaration.arguments as SyntaxNode[])[2]);
  return build && new WiringReader(module, build).read();
}

/** A function that is written out, or that a constant or declaration of the module names. */
function functionOf(module: ParsedModule, given: unknown): SyntaxNode | undefined {
  if (!isNode(given)) return undefined;
  const node = withoutTypes(given);
  const found = constantValue(variableOf(module, node)) ?? node;
  return isFunction(found) ? found : undefined;
}

class WiringReader {
  readonly #module: ParsedModule;
  readonly #build: SyntaxNode;
  /** Methods of the builder by the variable that holds them. */
  readonly #methods = new Map<Variable, string>();
  readonly #params = new Set<Variable>();
  readonly #taken = new Map<Variable, string>();
  readonly #variables = new Map<Variable, number>();
  #builder: Variable | undefined;
  /** Whether the builder goes ways that cannot be followed. */
  #escaped = false;
  /** Whether steps are made whose names are not written out. */
  #dynamic = false;
  readonly #nodes: NodeFacts[] = [];
  readonly #rest: WiringCode[] = [];
  readonly #wiring: Wiring;
  /** Variables of the wiring of which others may have, or have had, what they hold. */
  readonly #changed = new Set<Variable>();

  constructor(module: ParsedModule, build: SyntaxNode) {
    this.#module = module;
    this.#build = build;
    const scope = module.scopeOf(build);
    const collect = (inner: NonNullable<typeof scope>) => {
      for (const variable of inner.variables) {
        if (variable.name === "arguments" && variable.defs.length === 0) {
          this.#escaped ||= variable.references.length > 0;
        } else this.#variables.set(variable, this.#variables.size);
      }
      for (const child of inner.childScopes) {
        if (child.variableScope === scope!.variableScope) collect(child);
      }
    };
    if (scope) collect(scope);
    const [builder, ...more] = build.params as SyntaxNode[];
    if (more.length > 0) this.#escaped = true;
    if (builder) this.#takeBuilder(builder);
    this.#followBuilder();
    this.#findChanged(build.body as SyntaxNode);
    this.#wiring = {
      variables: this.#variables,
      taken: this.#taken,
      isParams: (node) => this.#isParams(node),
      shared: this.#sharedVariables(),
    };
  }

  read(): PipelineFacts {
    const all = readPart(this.#module, [this.#build], this.#wiring);
    const whole = codePart({ ...all, params: ["*"] });
    const body = this.#build.body as SyntaxNode;
    if (body.type === "BlockStatement") {
      for (const statement of body.body as SyntaxNode[]) this.#statement(statement);
    } else this.#add(body);
    for (const parameter of this.#build.params as SyntaxNode[]) {
      if (hasDefaults(parameter)) this.#add(parameter, [], false);
    }
    // Behind an early return, a name that is not written out may be any other's.
    const early = this.#dynamic &&
      childrenOf(body).some((node) => node.type !== "ReturnStatement" && returns(node));
    const followed = !this.#escaped && !early;
    return {
      nodes: followed ? this.#nodes : [],
      rest: followed ? this.#rest : [],
      dynamic: this.#dynamic,
      mentioned: all.params,
      whole,
    };
  }

  #statement(node: SyntaxNode): void {
    switch (node.type) {
      case "VariableDeclaration":
        for (const declarator of node.declarations as SyntaxNode[]) {
          if (this.#takes(declarator) && !hasDefaults(declarator.id as SyntaxNode)) continue;
          const load = /using/.test(String(node.kind)) ? false : undefined;
          this.#add(declarator, declaredIn(declarator), load);
        }
        return;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return this.#add(node, declaredIn(node));
      case "ExpressionStatement":
        return this.#add(node.expression as SyntaxNode);
      case "ReturnStatement":
        return isNode(node.argument) ? this.#add(node.argument) : undefined;
      default:
        return this.#add(node, [], false);
    }
  }

  /** Takes code with a handle in place of each builder call. */
  #add(given: SyntaxNode, declared: SyntaxNode[] = [], load?: false): void {
    const node = withoutTypes(given);
    const direct = this.#directCall(node);
    const judged: SyntaxNode[] = direct ? [] : [node];
    const unfollowed = new Set<SyntaxNode>();
    let certain = true;
    const cut: Cut = (part) => {
      if (unfollowed.has(part)) return undefined;
      if (isFunction(part) || isLoop(part)) {
        for (const inner of below(part)) unfollowed.add(inner);
        return undefined;
      }
      const found = this.#builderCall(part);
      if (found === undefined) {
        if (this.#method(part) !== undefined) certain = false;
        return undefined;
      }
      const { name, method, code, items, beside } = found;
      this.#nodes.push({
        ...{ name, code: this.#part(code), at: Number(part.start), certain: part === direct },
        ...items !== undefined && { items: this.#part([items]) },
      });
      judged.push(
        ...beside,
        ...[...code, items].filter(isNode).filter((part) => !isFunction(part)),
      );
      if (part !== direct) certain = false; // it is made as what is around it says
      return `handle:${method}:${name}`;
    };
    let code = readPart(this.#module, [node], this.#wiring, cut);
    const free = this.#judge(judged);
    // What a call is given may do something: then it counts for more than the step.
    if (direct && (!free || free.length > 0)) {
      code = readPart(this.#module, [code.text, ...judged], this.#wiring, cut);
    }
    for (const call of unfollowed) {
      if (this.#method(call) === undefined) continue;
      const name = this.#builderCall(call)?.name;
      if (name === undefined) this.#dynamic = true;
      else this.#nodes.push({ name, code: codePart(code), at: Number(call.start), certain: false });
    }
    const locals = declared.flatMap((name) => {
      const variable = this.#variableOf(name);
      return variable ? [this.#variables.get(variable)!] : [];
    });
    const freedom = load ?? (certain && free);
    if (locals.length === 0 && freedom && freedom.length === 0) return;
    const at = node.type === "FunctionDeclaration" ? -1 : Number(node.start);
    this.#rest.push({ code: codePart(code), at, locals, load: freedom });
  }

  #judge(nodes: readonly SyntaxNode[]): Freedom {
    return freedomOf(this.#module, nodes, {
      isParams: (node) => this.#isParams(node),
      isChanged: (variable) => this.#changed.has(variable) && !this.#taken.has(variable),
    });
  }

  /** Notes what is handed on, as what holds it may then be changed by others. */
  #findChanged(node: SyntaxNode): void {
    const { type } = node;
    let read: unknown[] = [];
    if (/^(Binary|Unary|Spread|Template|ForOf|ForIn|If|Switch|While|Expression)/.test(type)) {
      read = childrenOf(node);
      if (node.operator === "delete") read = [];
    } else if (type === "MemberExpression") read = [node.object, node.property];
    else if (type === "CallExpression" || type === "NewExpression") {
      const callee = withoutTypes(node.callee as SyntaxNode);
      const { object, property, computed } = callee as SyntaxNode & { object?: SyntaxNode };
      const root = object ?? callee;
      const known = variableOf(this.#module, root) === null &&
        (makers.has(String(root.name)) || libraries.has(String(root.name)));
      const isReader = object !== undefined && readers.has(fixedName(property, computed) ?? "");
      const given = node.arguments as unknown[];
      read = [
        ...isReader || !object ? [callee] : [],
        ...known && !/^(assign|define)/.test(String(fixedName(property, computed))) ||
            this.#method(node) !== undefined
          ? given
          : [],
      ];
    }
    for (const child of childrenOf(node)) {
      const held = withoutTypes(child);
      const isName = held.type === "Identifier" || held.type === "MemberExpression";
      if (isName && !read.includes(child)) {
        const variable = variableOf(this.#module, rootOf(held));
        if (variable) this.#changed.add(variable);
      }
      this.#findChanged(child);
    }
  }

  /** A call of the builder that says which step it makes. */
  #builderCall(node: SyntaxNode) {
    const method = this.#method(node);
    if (method === undefined) return undefined;
    const given = node.arguments as SyntaxNode[];
    const name = literalText(given[0]);
    if (name === undefined || given.some(({ type }) => type === "SpreadElement")) {
      this.#dynamic = true;
      return undefined;
    }
    return { name, method, ...roles(method, given) };
  }

  /** The call that a statement is, or that gives the variable that it declares. */
  #directCall(node: SyntaxNode): SyntaxNode | undefined {
    const value = node.type === "VariableDeclarator" ? node.init : node;
    if (!isNode(value)) return undefined;
    const call = withoutTypes(value);
    return this.#method(call) === undefined ? undefined : call;
  }

  #part(nodes: readonly unknown[]): CodePart {
    return codePart(readPart(this.#module, nodes, this.#wiring));
  }

  /** The variable that an identifier declares. */
  #variableOf(identifier: SyntaxNode): Variable | undefined {
    return this.#variables.keys().find(({ defs }) =>
      defs.some(({ name }) => name.range[0] === identifier.start)
    );
  }

  #takeBuilder(pattern: SyntaxNode): void {
    if (pattern.type === "Identifier") {
      this.#builder = this.#variableOf(pattern);
      return;
    }
    if (pattern.type !== "ObjectPattern") return void (this.#escaped = true);
    for (const { type, key, computed, value } of pattern.properties as SyntaxNode[]) {
      const name = type === "Property" ? fixedName(key, computed) : undefined;
      const target = value as SyntaxNode;
      if (name === "params") this.#takeParams(target);
      else if (name !== undefined && methods.has(name) && target.type === "Identifier") {
        this.#methods.set(this.#variableOf(target)!, name);
      } else this.#escaped = true;
    }
  }

  /** Variables that hold the parameters, or single ones. */
  #takeParams(pattern: SyntaxNode): void {
    if (pattern.type === "Identifier") {
      this.#params.add(this.#variableOf(pattern)!);
      return;
    }
    const properties = pattern.type === "ObjectPattern" ? pattern.properties as SyntaxNode[] : [];
    if (pattern.type !== "ObjectPattern") this.#escaped = true;
    for (const { type, key, computed, value } of properties) {
      const name = type === "Property" ? fixedName(key, computed) : undefined;
      for (const target of declaredIn(type === "Property" ? value : pattern)) {
        const variable = this.#variableOf(target);
        if (variable && !this.#taken.has(variable)) this.#taken.set(variable, name ?? "*");
      }
    }
  }

  /** Whether a variable is declared to be the builder, the parameters, or parts of these. */
  #takes({ id, init }: SyntaxNode): boolean {
    if (!isNode(init)) return false;
    const given = withoutTypes(init);
    const builder = this.#resolved(given) === this.#builder && this.#builder !== undefined;
    return builder && (id as SyntaxNode).type === "ObjectPattern" || this.#isParams(given);
  }

  /** Follows the builder and the parameters into other variables. */
  #followBuilder(): void {
    for (const node of below(this.#build.body as SyntaxNode)) {
      if (node.type !== "VariableDeclarator" || !this.#takes(node)) continue;
      const pattern = node.id as SyntaxNode;
      if (this.#isParams(withoutTypes(node.init as SyntaxNode))) this.#takeParams(pattern);
      else this.#takeBuilder(pattern);
    }
    const all = below(this.#build);
    for (const variable of [...this.#methods.keys(), this.#builder]) {
      if (variable && !this.#onlyCalled(variable, all)) this.#escaped = true;
    }
  }

  /** Whether each mention of a method is a call of it, and each of the builder a member of it. */
  #onlyCalled(variable: Variable, all: readonly SyntaxNode[]): boolean {
    let others = variable.references.filter(({ init }) => !init).length;
    for (const node of all) {
      let use: unknown;
      if (node.type === "VariableDeclarator" && this.#takes(node)) use = node.init;
      else if (this.#method(node) !== undefined) {
        const callee = withoutTypes(node.callee as SyntaxNode);
        use = callee.type === "MemberExpression" ? callee.object : callee;
      } else if (variable === this.#builder && this.#isParams(node)) use = node.object;
      if (isNode(use) && this.#resolved(withoutTypes(use)) === variable) others--;
    }
    return others <= 0;
  }

  #resolved(node: unknown): Variable | undefined {
    if (!isNode(node) || node.type !== "Identifier") return undefined;
    return this.#module.reference(node)?.resolved ?? undefined;
  }

  #method(node: SyntaxNode): string | undefined {
    if (node.type !== "CallExpression") return undefined;
    const callee = withoutTypes(node.callee as SyntaxNode);
    const variable = this.#resolved(callee);
    if (variable) return this.#methods.get(variable);
    if (callee.type !== "MemberExpression" || this.#builder === undefined) return undefined;
    if (this.#resolved(callee.object) !== this.#builder) return undefined;
    const name = fixedName(callee.property, callee.computed);
    return name !== undefined && methods.has(name) ? name : undefined;
  }

  #isParams(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const variable = this.#resolved(node);
    if (variable) return this.#params.has(variable);
    return node.type === "MemberExpression" && this.#builder !== undefined &&
      this.#resolved(node.object) === this.#builder &&
      fixedName(node.property, node.computed) === "params";
  }

  /** Whether a name is of a package: there, `z.set(…)` is a function of it and changes nothing. */
  #isOfPackage(node: unknown): boolean {
    const origin = this.#resolved(node)?.defs[0]?.parent as unknown as SyntaxNode | undefined;
    return origin?.type === "ImportDeclaration" && isBare(literalText(origin.source)!);
  }

  /** Variables that functions inside of the wiring change: what one step does another may see. */
  #sharedVariables(): Set<Variable> {
    const shared = new Set<Variable>();
    const change = (node: unknown) => {
      if (!isNode(node)) return;
      const target = withoutTypes(node);
      if (target.type === "MemberExpression") return change(target.object);
      if (/Pattern$|^RestElement$/.test(target.type)) return childrenOf(target).forEach(change);
      if (target.type === "Property") return change(target.value);
      const variable = this.#resolved(target);
      const outside = variable &&
        (this.#variables.has(variable) || variable.scope === this.#module.scope);
      if (outside) shared.add(variable);
    };
    const visit = (node: SyntaxNode, inside: boolean): void => {
      if (inside) {
        if (node.type === "AssignmentExpression") change(node.left);
        else if (node.type === "UpdateExpression") change(node.argument);
        else if (node.type === "UnaryExpression" && node.operator === "delete") {
          change(node.argument);
        } else if (node.type === "CallExpression") {
          const callee = withoutTypes(node.callee as SyntaxNode);
          const name = callee.type === "MemberExpression"
            ? fixedName(callee.property, callee.computed)
            : undefined;
          if (name !== undefined && changing.test(name)) {
            const object = withoutTypes(callee.object as SyntaxNode);
            const target = object.name === "Object" ? (node.arguments as unknown[])[0] : object;
            if (!this.#isOfPackage(target)) change(target);
          }
        }
      }
      for (const child of childrenOf(node)) visit(child, inside || isFunction(child));
    };
    visit(this.#build.body as SyntaxNode, isFunction(this.#build.body));
    return shared;
  }
}

function isLoop({ type }: SyntaxNode): boolean {
  return /^(For\w*|While|DoWhile)Statement$/.test(type);
}

function returns(node: SyntaxNode): boolean {
  return !isFunction(node) && (node.type === "ReturnStatement" || childrenOf(node).some(returns));
}

/** Which arguments of a builder call are the step's code, which its list, and which neither. */
function roles(
  method: string,
  given: SyntaxNode[],
): { code: SyntaxNode[]; items?: SyntaxNode; beside: SyntaxNode[] } {
  if (method === "file") return { code: [], beside: given };
  if (method === "resource") return { code: given.slice(1), beside: [] };
  const rest = given.slice(method === "each" ? 2 : 1);
  const [inputs, run, options] = rest.length === 1 ? [undefined, rest[0]] : rest;
  const code = [run, ...decidingOptions(options)].filter(isNode);
  const beside = [inputs, options].filter(isNode);
  return method === "each" ? { code, items: given[1], beside } : { code, beside };
}

/** The options that change a result; all options if they are not written out. */
function decidingOptions(options: SyntaxNode | undefined): SyntaxNode[] {
  if (options === undefined) return [];
  if (options.type !== "ObjectExpression") return [options];
  return (options.properties as SyntaxNode[]).filter(({ type, key, computed }) =>
    type !== "Property" || /^(output|permissions)$/.test(fixedName(key, computed) ?? "output")
  );
}

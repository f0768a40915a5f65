/** Rewrites cells with the parser; what cannot be evaluated as a script becomes what can. */

import { parseSync } from "oxc-parser";
import type { SyntaxNode } from "../../syntax/mod.ts";
import { type NameUses, readUses } from "./name_uses.ts";
import { declaredNames } from "./scope.ts";
import type { Rewriting, Rewritten } from "./translate.ts";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Rewrites each cell. */
export function answer({ cells, taken }: Rewriting): Rewritten[] {
  return cells.map((source) => {
    const { program, errors } = parse(source, "ts");
    if (errors.length === 0) {
      const editor = new Editor(source, taken);
      const edits = editor.edit(program as unknown as Node);
      const { decorator } = editor;
      return decorator === undefined ? { source: applied(source, edits) } : {
        unreadable: {
          message: "Decorators do not work in cells",
          line: lineOf(source, decorator),
          next: "move the class into a module, and import it",
        },
      };
    }
    const [{ message, labels }] = errors;
    const at = labels[0]?.start;
    const line = at === undefined ? undefined : { line: lineOf(source, at) };
    return parse(source, "tsx").errors.length === 0
      ? {
        unreadable: {
          ...{ message: "JSX does not work in cells", ...line },
          next: "move it into a .tsx module, and import it",
        },
      }
      : { unreadable: { message, ...line } };
  });
}

function parse(source: string, lang: "ts" | "tsx") {
  return parseSync(`cell.${lang}`, source, { lang, range: true, sourceType: "module" });
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split("\n").length;
}

function applied(source: string, edits: readonly Edit[]): string {
  let text = "";
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    text += source.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return text + source.slice(from);
}

class Editor {
  /** Where a decorator stands. */
  decorator: number | undefined;
  readonly #edits: Edit[] = [];
  readonly #taken: Set<string>;
  #uses: NameUses = { changed: new Set(), used: new Set() };

  constructor(private readonly source: string, taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  edit(program: Node): readonly Edit[] {
    const body = program.body as Node[];
    this.#uses = readUses(program as unknown as SyntaxNode);
    const declared = body.flatMap((node) =>
      namesOf((node.declaration ?? node) as Node).filter((name) => this.#taken.has(name))
    );
    // One that the cell declares twice is a mistake.
    for (const name of declared) {
      if (declared.indexOf(name) !== declared.lastIndexOf(name)) this.#taken.delete(name);
    }
    for (const statement of body) this.#statement(statement);
    const last = body.at(-1);
    if (last?.type === "ExpressionStatement") {
      this.#insert(last.start, "__dinoflow.value((", true);
      this.#insert((last.expression as Node).end, "))");
    }
    return this.#edits;
  }

  #statement(node: Node): void {
    switch (node.type) {
      case "ImportDeclaration":
        return this.#import(node);
      case "ExportNamedDeclaration":
        if (node.declaration) {
          const declaration = node.declaration as Node;
          this.#replace(node.start, declaration.start, "");
          return this.#statement(declaration);
        }
        return this.#replaceLines(node, node.source ? this.#load(node.source as Node) : "");
      case "ExportDefaultDeclaration": {
        const declaration = node.declaration as Node;
        this.#replace(node.start, declaration.start, "");
        return this.#visit(declaration);
      }
      case "ExportAllDeclaration":
        return this.#replaceLines(node, this.#load(node.source as Node));
      case "VariableDeclaration":
        this.#visit(node);
        return this.#variables(node);
      case "FunctionDeclaration":
      case "ClassDeclaration":
        this.#visit(node);
        if (!this.#isTaken(node)) return;
        this.#insert(node.start, `;${namesOf(node)[0]} = `, true);
        return this.#insert(node.end, ";");
      default:
        this.#visit(node);
    }
  }

  /**
   * A constant becomes a variable, so that the cell may be changed to declare one, unless the
   * cell would change it. What declares a name that is taken becomes an assignment.
   */
  #variables(node: Node): void {
    const kind = String(node.kind);
    const names = namesOf(node);
    const end = node.start + kind.length;
    if (node.declare === true || !/^(const|let|var)$/.test(kind)) return;
    if (!this.#isTaken(node)) {
      if (kind === "const" && !names.some((name) => this.#uses.changed.has(name))) {
        this.#replace(node.start, end, "let  ");
      }
      return;
    }
    const fresh = names.filter((name) => !this.#taken.has(name));
    this.#replace(node.start, end, fresh.length === 0 ? ";" : `let ${fresh.join(", ")};`);
    for (const { id, init, start, end } of node.declarations as Node[]) {
      const { start: from, typeAnnotation: type } = id as Node;
      this.#insert(start, "(");
      if (type) {
        // What an assignment has no place for.
        const definite = this.source.slice(from, (type as Node).start).endsWith("!") ? 1 : 0;
        const { start, end } = type as Node;
        this.#replaceLines({ ...type as Node, start: start - definite, end }, "");
      }
      this.#insert(end, init ? ")" : " = undefined)");
    }
  }

  #isTaken(node: Node): boolean {
    return namesOf(node).some((name) => this.#taken.has(name));
  }

  #import(node: Node): void {
    if (node.importKind === "type") return this.#replaceLines(node, "");
    const specifiers = (node.specifiers as Node[]).filter(({ importKind }) =>
      importKind !== "type"
    );
    if (specifiers.length === 0 && (node.specifiers as Node[]).length > 0) {
      return this.#replaceLines(node, ""); // types alone
    }
    const locals: string[] = [];
    const names: string[] = [];
    const wanted: string[] = [];
    let namespace: string | undefined;
    for (const specifier of specifiers) {
      const local = String((specifier.local as Node).name);
      locals.push(local);
      if (specifier.type === "ImportNamespaceSpecifier") {
        namespace = local;
        continue;
      }
      const { start, end } = (specifier.imported ?? { start: 0, end: 0 }) as Node;
      const imported = this.source.slice(start, end) || "default";
      names.push(imported === local ? local : `${imported}: ${local}`);
      // What the cell does not use may be a type, of which nothing is there when it runs.
      if (this.#uses.used.has(local)) wanted.push(imported.replaceAll(/^["']|["']$/g, ""));
    }
    const loaded = this.#load(node.source as Node, node.attributes as Node[] | undefined);
    const { start, end } = node.source as Node;
    const load = wanted.length === 0
      ? loaded
      : `__dinoflow.having(${loaded}, ${this.source.slice(start, end)}, ${JSON.stringify(wanted)})`;
    if (specifiers.length === 0) return this.#replaceLines(node, `${load};`);
    const pattern = `{ ${names.join(", ")} }`;
    const given = names.length === 0
      ? `${namespace} = ${load}`
      : namespace === undefined
      ? `${pattern} = ${load}`
      : `${namespace} = ${load}, ${pattern} = ${namespace}`;
    if (!locals.some((name) => this.#taken.has(name))) {
      return this.#replaceLines(node, `let ${given};`);
    }
    const fresh = locals.filter((name) => !this.#taken.has(name));
    this.#replaceLines(node, `${fresh.length === 0 ? "" : `let ${fresh.join(", ")}`};(${given});`);
  }

  /** An awaited import, as code. */
  #load(source: Node, attributes: readonly Node[] = []): string {
    const given = attributes.map(({ key, value }) => {
      const [name, text] = [key as Node, value as Node].map(({ start, end }) =>
        this.source.slice(start, end)
      );
      return `${name}: ${text}`;
    });
    const options = given.length === 0 ? "" : `, { with: { ${given.join(", ")} } }`;
    const specifier = this.source.slice(source.start, source.end);
    const line = lineOf(this.source, source.start);
    return `await __dinoflow.wait(__dinoflow.load(${specifier}${options}), ${line})`;
  }

  #visit(value: unknown): void {
    if (Array.isArray(value)) return value.forEach((item) => this.#visit(item));
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    const node = value as Node;
    switch (node.type) {
      case "AwaitExpression": {
        // What is within comes first: inner calls close before outer ones.
        this.#insert(node.start + "await".length, " __dinoflow.wait((");
        this.#visit(node.argument);
        return this.#insert(node.end, `), ${lineOf(this.source, node.start)})`);
      }
      case "ForOfStatement":
        if (node.await === true) {
          const right = node.right as Node;
          this.#insert(right.start, "__dinoflow.each((");
          this.#visit(right);
          this.#insert(right.end, `), ${lineOf(this.source, node.start)})`);
          this.#visit(node.left);
          return this.#visit(node.body);
        }
        break;
      case "Decorator":
        this.decorator ??= node.start;
        break;
      case "ThrowStatement": {
        const thrown = node.argument as Node;
        this.#insert(thrown.start, "__dinoflow.thrown((");
        this.#visit(thrown);
        return this.#insert(thrown.end, `), ${lineOf(this.source, node.start)})`);
      }
      case "ImportExpression":
        this.#replace(node.start, node.start + "import".length, "__dinoflow.load");
        break;
      case "MetaProperty":
        if ((node.meta as Node).name === "import") {
          this.#replace(node.start, node.end, "__dinoflow.meta");
        }
        return;
    }
    for (const property in node) {
      if (property !== "type" && property !== "start" && property !== "end") {
        this.#visit(node[property]);
      }
    }
  }

  /** Inserts a text, after others at the same place unless it is to be the `first`. */
  #insert(at: number, text: string, first = false): void {
    const edit = { start: at, end: at, text };
    if (first) this.#edits.unshift(edit);
    else this.#edits.push(edit);
  }

  #replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Replaces a statement by one that takes as many lines. */
  #replaceLines({ start, end }: Node, text: string): void {
    const lines = this.source.slice(start, end).split("\n").length - 1;
    this.#replace(start, end, text + "\n".repeat(lines));
  }
}

function namesOf(node: Node): string[] {
  return declaredNames(node as unknown as SyntaxNode).map(({ name }) => name);
}

/** Rewrites cells with the parser; what cannot be evaluated as a script becomes what can. */

import { parseSync } from "oxc-parser";
import type { Rewritten } from "./translate.ts";

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
export function answer(cells: readonly string[]): Rewritten[] {
  return cells.map((source) => {
    const { program, errors } = parseSync("cell.ts", source, { sourceType: "module" });
    if (errors.length === 0) {
      return { source: applied(source, new Editor(source).edit(program as unknown as Node)) };
    }
    const [{ message, labels }] = errors;
    const at = labels[0]?.start;
    const line = at === undefined ? undefined : lineOf(source, at);
    return { unreadable: { message, ...line !== undefined && { line } } };
  });
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
  readonly #edits: Edit[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  edit(program: Node): readonly Edit[] {
    const body = program.body as Node[];
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
          return this.#visit(declaration);
        }
        return this.#replaceLines(node, node.source ? this.#load(node.source as Node) : "");
      case "ExportDefaultDeclaration": {
        const declaration = node.declaration as Node;
        this.#replace(node.start, declaration.start, "");
        return this.#visit(declaration);
      }
      case "ExportAllDeclaration":
        return this.#replaceLines(node, this.#load(node.source as Node));
      default:
        this.#visit(node);
    }
  }

  #import(node: Node): void {
    if (node.importKind === "type") return this.#replaceLines(node, "");
    const load = this.#load(node.source as Node, node.attributes as Node[] | undefined);
    const names: string[] = [];
    let namespace: string | undefined;
    const specifiers = node.specifiers as Node[];
    for (const specifier of specifiers) {
      const local = String((specifier.local as Node).name);
      if (specifier.type === "ImportDefaultSpecifier") names.push(`default: ${local}`);
      else if (specifier.type === "ImportNamespaceSpecifier") namespace = local;
      else if (specifier.importKind !== "type") {
        const { start, end } = specifier.imported as Node;
        const imported = this.#source.slice(start, end);
        names.push(imported === local ? local : `${imported}: ${local}`);
      }
    }
    const pattern = `{ ${names.join(", ")} }`;
    if (namespace !== undefined) {
      const rest = names.length === 0 ? "" : `, ${pattern} = ${namespace}`;
      return this.#replaceLines(node, `const ${namespace} = ${load}${rest};`);
    }
    const onlyTypes = specifiers.length > 0 && names.length === 0;
    this.#replaceLines(
      node,
      onlyTypes ? "" : names.length === 0 ? `${load};` : `const ${pattern} = ${load};`,
    );
  }

  /** An awaited import, as code. */
  #load(source: Node, attributes: readonly Node[] = []): string {
    const given = attributes.map(({ key, value }) => {
      const [name, text] = [key as Node, value as Node].map(({ start, end }) =>
        this.#source.slice(start, end)
      );
      return `${name}: ${text}`;
    });
    const options = given.length === 0 ? "" : `, { with: { ${given.join(", ")} } }`;
    const specifier = this.#source.slice(source.start, source.end);
    const line = lineOf(this.#source, source.start);
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
        return this.#insert(node.end, `), ${lineOf(this.#source, node.start)})`);
      }
      case "ForOfStatement":
        if (node.await === true) {
          const right = node.right as Node;
          this.#insert(right.start, "__dinoflow.each((");
          this.#visit(right);
          this.#insert(right.end, `), ${lineOf(this.#source, node.start)})`);
          this.#visit(node.left);
          return this.#visit(node.body);
        }
        break;
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
    const lines = this.#source.slice(start, end).split("\n").length - 1;
    this.#replace(start, end, text + "\n".repeat(lines));
  }
}

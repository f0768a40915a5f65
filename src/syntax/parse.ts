/** Reads a module with oxc's parser and typescript-eslint's scopes; loaded if code is new. */

import { analyze } from "@typescript-eslint/scope-manager";
import { parseSync } from "oxc-parser";
import type { SyntaxNode } from "./syntax.ts";

/**
 * What code says of itself where no reader can tell: a call has no effect, a function has
 * none (both as bundlers have it), code that is loaded by a computed name is seen otherwise,
 * of a table only those entries are used that a step says it chooses, what a variable holds
 * changes no output.
 */
export type CommentMark = "PURE" | "NO_SIDE_EFFECTS" | "FOLLOWED" | "CHOSEN" | "MEMO";

/** A module as its syntax tree, and what each name in it stands for. */
export interface ParsedModule {
  /** The tree. */
  readonly program: SyntaxNode;
  /** The scope of what the module declares at its top. */
  readonly scope: Scope;
  /** What a mentioned name stands for; undefined if an identifier mentions nothing. */
  reference(identifier: SyntaxNode): Mention | undefined;
  /** The scope that a function opens. */
  scopeOf(node: SyntaxNode): Scope | undefined;
  /** Whether the comment right before a node has a mark, as `@__PURE__`. */
  isMarked(node: SyntaxNode, mark: CommentMark): boolean;
  /** The text of a node as it is written. */
  sourceOf(node: SyntaxNode): string;
  /** What comments say about how JSX is compiled, as `@jsxImportSource preact`. */
  readonly pragmas: readonly string[];
}

/** A name where it is written: first and last place in the text. */
export type Name = SyntaxNode & { readonly range: readonly [number, number] };

/** A scope, as the analysis gives it. */
export interface Scope {
  /** The scopes in it. */
  readonly childScopes: readonly Scope[];
  /** The scope that `var` declares in. */
  readonly variableScope: Scope;
  /** What it declares. */
  readonly variables: readonly Variable[];
  /** The same by name. */
  readonly set: ReadonlyMap<string, Variable>;
}

/** What names stand for. */
export interface Variable {
  /** Its name. */
  readonly name: string;
  /** The scope that declares it. */
  readonly scope: Scope;
  /** Its declarations: what kind each is, its node, the name in it, and what is around it. */
  readonly defs: readonly {
    readonly type: string;
    readonly node: SyntaxNode;
    readonly name: Name;
    readonly parent?: SyntaxNode | null;
  }[];
  /** The names in its declarations. */
  readonly identifiers: readonly Name[];
  /** Its mentions. */
  readonly references: readonly Mention[];
}

/** A mention of a name. */
export interface Mention {
  /** The name as it is written. */
  readonly identifier: SyntaxNode;
  /** What it stands for; null for a name of the language. */
  readonly resolved: Variable | null;
  /** Whether it mentions a value, not a type. */
  readonly isValueReference: boolean;
  /** Whether it is the first write, of a declaration. */
  readonly init?: boolean;
  /** What is written. */
  readonly writeExpr?: SyntaxNode | null;
  /** Whether it writes. */
  isWrite(): boolean;
}

/**
 * Parses the module at `path`.
 *
 * @throws {SyntaxError} for text that is no module.
 */
export function parseModule(path: string, text: string): ParsedModule {
  const { program, errors, comments } = parseSync(path, text, {
    astType: "ts",
    sourceType: "module",
    range: true,
    preserveParens: false,
  });
  if (errors.length > 0) throw new SyntaxError(errors[0].message);
  const manager = analyze(program as unknown as Parameters<typeof analyze>[0], {
    sourceType: "module",
    lib: [],
    jsxPragma: null,
  });
  const references = new Map<number, Mention>();
  for (const scope of manager.scopes) {
    for (const reference of scope.references) {
      references.set(reference.identifier.range[0], reference as unknown as Mention);
    }
  }
  const marks = comments.flatMap(({ value, end }) => {
    const found = /[@#]__(PURE|NO_SIDE_EFFECTS|FOLLOWED|CHOSEN|MEMO)__/.exec(value);
    return found ? [{ mark: found[1], end }] : [];
  });
  const pragmas = comments.flatMap(({ value }) =>
    Array.from(value.matchAll(/@(?:jsx\w*)\s+\S+/g), ([pragma]) => pragma)
  );
  return {
    program: program as unknown as SyntaxNode,
    scope: manager.globalScope!.childScopes[0] as unknown as Scope,
    reference: (node) => references.get(Number(node.start)),
    scopeOf: (node) =>
      manager.acquire(node as unknown as Parameters<typeof manager.acquire>[0]) as Scope | null ??
        undefined,
    isMarked: (node, wanted) =>
      marks.some(({ mark, end }) =>
        mark === wanted && end <= Number(node.start) &&
        /^(\s|export|default|async|const|let|[\w$]+\s*=)*$/.test(
          text.slice(end, Number(node.start)),
        )
      ),
    sourceOf: ({ start, end }) => text.slice(Number(start), Number(end)),
    pragmas,
  };
}

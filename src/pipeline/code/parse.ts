/** Reads a module with oxc's parser and typescript-eslint's scopes; loaded if code is new. */

import {
  analyze,
  type Reference,
  type Scope,
  type Variable,
} from "@typescript-eslint/scope-manager";
import { parseSync } from "oxc-parser";
import type { SyntaxNode } from "./syntax.ts";

/**
 * What code says of itself where no reader can tell: a call has no effect, a function has
 * none (both as bundlers have it), code that is loaded by a computed name is seen otherwise.
 */
export type CommentMark = "PURE" | "NO_SIDE_EFFECTS" | "FOLLOWED";

/** A module as its syntax tree, and what each name in it stands for. */
export interface ParsedModule {
  /** The tree. */
  readonly program: SyntaxNode;
  /** The scope of what the module declares at its top. */
  readonly scope: Scope;
  /** What a mentioned name stands for; undefined if an identifier mentions nothing. */
  reference(identifier: SyntaxNode): Reference | undefined;
  /** The scope that a function opens. */
  scopeOf(node: SyntaxNode): Scope | undefined;
  /** Whether the comment right before a node has a mark, as `@__PURE__`. */
  isMarked(node: SyntaxNode, mark: CommentMark): boolean;
  /** The text of a node as it is written. */
  sourceOf(node: SyntaxNode): string;
  /** What comments say about how JSX is compiled, as `@jsxImportSource preact`. */
  readonly pragmas: readonly string[];
}

/** A variable, a scope, a mention, as the scope analysis gives them. */
export type { Reference, Scope, Variable };

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
  const references = new Map<number, Reference>();
  for (const scope of manager.scopes) {
    for (const reference of scope.references) {
      references.set(reference.identifier.range[0], reference);
    }
  }
  const marks = comments.flatMap(({ value, end }) => {
    const found = /[@#]__(PURE|NO_SIDE_EFFECTS|FOLLOWED)__/.exec(value);
    return found ? [{ mark: found[1], end }] : [];
  });
  const pragmas = comments.flatMap(({ value }) =>
    Array.from(value.matchAll(/@(?:jsx\w*)\s+\S+/g), ([pragma]) => pragma)
  );
  return {
    program: program as unknown as SyntaxNode,
    scope: manager.globalScope!.childScopes[0],
    reference: (node) => references.get(Number(node.start)),
    scopeOf: (node) =>
      manager.acquire(node as unknown as Parameters<typeof manager.acquire>[0]) ??
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

/** What a cell does with names that it does not declare within a function or block. */

import { isNode, type SyntaxNode } from "../../syntax/mod.ts";
import { readCellFacts } from "./scope.ts";

/** Names by what a cell does with them. */
export interface NameUses {
  /** Names that are given a new value. */
  readonly changed: ReadonlySet<string>;
  /** Names that are mentioned elsewhere than in types, of which nothing is left when the cell runs. */
  readonly used: ReadonlySet<string>;
}

/** Reads the uses of names from the syntax tree of a cell. */
export function readUses(program: SyntaxNode): NameUses {
  const references = readCellFacts(program).flatMap(({ references }) => references);
  const types = typesIn(program.body).map(({ range }) => range as readonly [number, number]);
  const used = references.filter(({ start }) =>
    !types.some(([from, to]) => from <= start && start < to)
  );
  return {
    changed: new Set(references.filter(({ assigned }) => assigned).map(({ name }) => name)),
    used: new Set(used.map(({ name }) => name)),
  };
}

const TYPE =
  /^TS(?:TypeAnnotation|TypeParameter\w+|InterfaceDeclaration|TypeAliasDeclaration|ClassImplements|\w*Type|TypeReference|\w*Keyword)$/;

/** The outermost nodes of types. */
function typesIn(value: unknown): SyntaxNode[] {
  if (Array.isArray(value)) return value.flatMap(typesIn);
  if (!isNode(value)) return [];
  return TYPE.test(value.type) ? [value] : Object.values(value).flatMap(typesIn);
}

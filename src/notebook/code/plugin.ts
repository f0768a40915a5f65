/**
 * Deno's own parser as a reader of cells: a lint rule that reports the facts of each
 * as its message.
 */

import type { SyntaxNode } from "../../pipeline/code/syntax.ts";
import { readCellFacts } from "./scope.ts";

const plugin: Deno.lint.Plugin = {
  name: "dinoflow-notebook",
  rules: {
    facts: {
      create: (context) => ({
        Program(node) {
          const facts = readCellFacts(node as unknown as SyntaxNode);
          context.report({ node, message: JSON.stringify(facts) });
        },
      }),
    },
  },
};

export default plugin;

/** Which cells of a notebook need which, by the names that they make and mention. */

import type { CellFacts } from "./cell_facts.ts";
import type { CodeCell } from "./read_cells.ts";

/**
 * For each cell, by its place from 0, those before it that it needs, in their order: which make,
 * change or may change what it mentions. Cells that only act count for all that follow.
 */
export function cellLinks(cells: readonly CodeCell[]): Map<number, Set<number>> {
  const touched = new Map<string, Set<number>>();
  const effects = new Set<number>();
  const links = new Map<number, Set<number>>();
  for (const { cell, facts } of cells) {
    const place = cell - 1;
    const needed = new Set(effects);
    for (const name of mentionedIn(facts)) {
      for (const maker of touched.get(name) ?? []) needed.add(maker);
    }
    links.set(place, new Set([...needed].sort((a, b) => a - b)));
    for (const { kind, declared, references } of facts) {
      for (const { name } of declared) touched.set(name, new Set([place])); // made anew
      for (const { name, assigned } of references) {
        // What acts on a value may change it.
        if (!assigned && kind !== "action" || !touched.has(name)) continue;
        touched.get(name)!.add(place);
      }
      const ownEffect = kind === "action" && !references.some(({ name }) => touched.has(name));
      if (ownEffect || kind === "import" && declared.length === 0) effects.add(place);
    }
  }
  return links;
}

function mentionedIn(facts: CellFacts): Set<string> {
  return new Set(facts.flatMap(({ references }) => references.map(({ name }) => name)));
}

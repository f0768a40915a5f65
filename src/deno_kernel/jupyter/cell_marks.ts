/** Which cells need which, for front ends that mark cells if what they take has changed. */

import { cellLinks } from "../code/cell_links.ts";
import { readCellSources } from "../code/read_cells.ts";

/**
 * For each cell, by its id, the ids of those before it that it needs; cells that cannot be read
 * need none. Takes what a comm sent: `cells` with `id` and `source`, in the notebook's order.
 */
export async function linksById(data: unknown): Promise<Record<string, readonly string[]>> {
  const { cells = [] } = (data ?? {}) as { cells?: { id: string; source: string }[] };
  const written = cells.map(({ id, source }, i) => ({ id, cell: i + 1, source, tags: [] }))
    .filter(({ source }) => source.trim() !== "");
  const { cells: read } = await readCellSources(written);
  return Object.fromEntries(
    [...cellLinks(read)].map(([place, makers]) => [
      cells[place].id,
      [...makers].map((maker) => cells[maker].id),
    ]),
  );
}

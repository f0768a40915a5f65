/** The variables of a notebook, as a list. */

import { UsageError } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import { gridView } from "./grid.ts";
import { kernel, type View } from "./view.ts";

interface Variables {
  /** Name, type, size and value of the variables of all cells. */
  variables?(): Promise<readonly (readonly Cell[])[]>;
}

/**
 * Lists the variables of the cells that were run, but for functions and classes: name, type, size
 * and value. Tables and matrices have rows and columns for a size. JupyterLab has the same list
 * at its right edge.
 *
 * @throws {UsageError} outside of the kernel Dinoflow (Deno), which alone knows them.
 *
 * @example
 * ```ts ignore
 * await vars();
 * ```
 */
export async function vars(): Promise<View> {
  const rows = await (kernel() as Variables | undefined)?.variables?.();
  if (rows === undefined) {
    throw new UsageError("Cannot list variables: this is no cell of the kernel Dinoflow (Deno)", {
      next: "choose that kernel in the front end, or run the notebook with `notebook run`",
    });
  }
  return gridView({
    caption: rows.length === 1 ? "1 variable" : `${rows.length} variables`,
    head: ["name", "type", "size", "value"],
    rows,
  });
}

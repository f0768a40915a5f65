/** Notebooks as their files hold them (nbformat 4), as far as running one needs it. */

import { DataError } from "../base/mod.ts";

/** A value that a notebook's parameter can have. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A cell; what is not named here is passed on as it is. */
export interface NotebookCell {
  /** `code`, `markdown` or `raw`. */
  readonly cell_type: string;
  /** Text, or its lines. */
  readonly source: string | readonly string[];
  /** With `tags`, a list of words. */
  readonly metadata: { readonly tags?: readonly string[]; readonly [name: string]: unknown };
  /** What else the file holds. */
  readonly [name: string]: unknown;
}

/** A notebook. */
export interface NotebookDocument {
  /** The cells in their order. */
  readonly cells: readonly NotebookCell[];
  /** With `kernelspec` and `language_info`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Major version of the format; 4. */
  readonly nbformat: number;
  /** Minor version of the format. */
  readonly nbformat_minor: number;
  /** What else the file holds. */
  readonly [name: string]: unknown;
}

/**
 * Reads a notebook.
 *
 * @throws {DataError} if there is none, or it is of another format.
 */
export async function readNotebook(path: string): Promise<NotebookDocument> {
  let found: Partial<NotebookDocument> | null;
  try {
    found = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new DataError(`Cannot find the notebook ${path}`, { next: "check its path" });
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new DataError(`Cannot read the notebook ${path}: it is not JSON`, {
      next: "save it again from Jupyter",
    });
  }
  if (found?.nbformat !== 4 || !Array.isArray(found.cells)) {
    throw new DataError(
      `Cannot read the notebook ${path}: its format is ${found?.nbformat}, wanted 4`,
      { next: "convert it with: jupyter nbconvert --to notebook --nbformat 4" },
    );
  }
  return { nbformat_minor: 5, ...found, metadata: found.metadata ?? {} } as NotebookDocument;
}

/** The text of a cell. */
export function sourceText({ source }: NotebookCell): string {
  return typeof source === "string" ? source : source.join("");
}

/** Whether a cell has a tag. */
export function hasTag({ metadata }: NotebookCell, tag: string): boolean {
  return metadata?.tags?.includes(tag) ?? false;
}

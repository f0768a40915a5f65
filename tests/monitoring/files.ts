/** Small files to compare, and the whole comparison of them. */

import { join } from "@std/path";
import { WorkerPool } from "../../src/base/mod.ts";
import { type DriftFindings, driftParams, findDrift, readSides } from "../../src/monitoring/mod.ts";

/** A moment that runs start at. */
export const now = new Date("2026-11-21T12:00:00Z");

/** Runs `test` with a folder that is gone afterwards. */
export async function inFolder<T>(test: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Columns by name, each with the cell of every row. */
export type Columns = Readonly<Record<string, (row: number) => string | number | null>>;

/** Writes `rows` rows of `columns` as CSV. */
export async function writeCsv(path: string, rows: number, columns: Columns): Promise<void> {
  const cells = Object.values(columns);
  const lines = Array.from(
    { length: rows },
    (_, row) => cells.map((cell) => `"${cell(row) ?? ""}"`).join(","),
  );
  await Deno.writeTextFile(path, `${Object.keys(columns).join(",")}\n${lines.join("\n")}\n`);
}

/** Compares two files of which nothing is declared. */
export function compareFiles(
  reference: { readonly rows: number; readonly columns: Columns },
  current: { readonly rows: number; readonly columns: Columns },
  more: Readonly<Record<string, unknown>> = {},
  options?: Parameters<typeof findDrift>[4],
): Promise<DriftFindings> {
  return inFolder(async (folder) => {
    const paths = {
      reference: join(folder, "reference.csv"),
      current: join(folder, "current.csv"),
    };
    await writeCsv(paths.reference, reference.rows, reference.columns);
    await writeCsv(paths.current, current.rows, current.columns);
    return await find({ ...paths, model: "none", ...more }, options);
  });
}

/** What the pipeline finds with these parameters. */
export async function find(
  given: Readonly<Record<string, unknown>>,
  options?: Parameters<typeof findDrift>[4],
): Promise<DriftFindings> {
  const params = driftParams.parse(given);
  await using pool = new WorkerPool(1);
  return await findDrift(await readSides(params, now), params, pool, () => {}, options);
}

/** A number in [0, 1) that depends on its arguments alone. */
export function noise(row: number, stream = 0): number {
  const wave = Math.sin((row + 1) * 12.9898 + stream * 78.233) * 43_758.5453;
  return wave - Math.floor(wave);
}

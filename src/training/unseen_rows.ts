/** Rows that no fit has seen, to try an exported model on. */

import { Random } from "../base/mod.ts";
import { vectorsOf } from "./vectors.ts";
import { type CleanData, type FeatureState, kindOf, takeCells } from "../features/mod.ts";

/**
 * Makes `rows` new rows by drawing each column on its own from `data`. The
 * combinations are new, so they wander through splits and leaves together that
 * no training row reached, with every kind of missing and rare value among them.
 * The model is fitted to all rows, so there are no others left to hold out.
 */
export function unseenRows(data: CleanData, rows: number, random: Random): CleanData {
  const draw = () => Int32Array.from({ length: rows }, () => random.int(data.rows));
  const columns = Object.entries(data.columns).map((
    [name, column],
  ) => [name, takeCells(column, draw())]);
  return { rows, columns: Object.fromEntries(columns), unlabelled: 0 };
}

/**
 * The rows with other texts in columns of free text, made of frequent words: what goes with a
 * model holds nothing that somebody wrote.
 */
export async function withoutTexts(
  state: FeatureState,
  data: CleanData,
  random: Random,
): Promise<CleanData> {
  const written = state.columns.filter((column) => kindOf(column).input(column).freeText === true);
  const drawn = written.map((column) => {
    const kind = kindOf(column);
    const cells = Array.from({ length: data.rows }, () => kind.draw(column, random));
    return { column, kind, cells, spec: kind.declared(column) };
  });
  const columns = Object.fromEntries(drawn.map(({ column, spec }) => [column.name, spec]));
  const table = Object.fromEntries(drawn.map(({ column, cells }) => [column.name, cells]));
  const vectors = await vectorsOf({ columns }, { rows: data.rows, columns: table });
  const made = drawn.map(({ column, kind, cells, spec }) => {
    const context = { name: column.name, state: column, ...vectors && { vectors }, tell: () => {} };
    return [column.name, kind.clean(spec, cells, context)];
  });
  return { ...data, columns: { ...data.columns, ...Object.fromEntries(made) } };
}

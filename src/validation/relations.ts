/** What must be true between columns of a row. */

import { parseNumber, type Table } from "../features/mod.ts";
import { type Cell, parseMoment } from "../dataset/mod.ts";
import { countText, EXAMPLES, shareText, type TableFinding } from "./finding.ts";
import { textOfCell } from "./rows.ts";
import { columnsOf, type Operand, type Relation, relationText } from "./schema.ts";

/** Looks at the relations whose columns are there. */
export function checkRelations(relations: readonly Relation[], table: Table): TableFinding[] {
  return relations.filter(({ left, right }) =>
    [left, right].flatMap(columnsOf).every((name) => Object.hasOwn(table.columns, name))
  ).map((relation) => checkRelation(relation, table));
}

function checkRelation(relation: Relation, table: Table): TableFinding {
  const { is, within = 0, except = 0, otherwise = "error" } = relation;
  const [left, right] = [reader(relation.left, table), reader(relation.right, table)];
  const examples: string[] = [];
  let [asked, broken] = [0, 0];
  for (let row = 0; row < table.rows; row++) {
    const [a, b] = [left(row), right(row)];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    asked++;
    if (stands(a, is, b, within)) continue;
    broken++;
    if (examples.length < EXAMPLES) examples.push(`row ${row + 1} (${a}, ${b})`);
  }
  return {
    ...{ of: relationText(relation), otherwise, examples },
    wanted: except === 0 ? "in all rows" : `in all rows but ${shareText(except)}`,
    found: `${countText(broken, asked)} otherwise`,
    kept: broken <= except * asked,
  };
}

function stands(a: number, is: Relation["is"], b: number, within: number): boolean {
  switch (is) {
    case "<":
      return a < b + within;
    case "<=":
      return a <= b + within;
    case "=":
      return Math.abs(a - b) <= within;
    case "!=":
      return Math.abs(a - b) > within;
    case ">=":
      return a >= b - within;
    case ">":
      return a > b - within;
  }
}

const operate = {
  ratio: (a: number, b: number) => a / b,
  difference: (a: number, b: number) => a - b,
  product: (a: number, b: number) => a * b,
  sum: (a: number, b: number) => a + b,
};

/** Reads a side in a row; NaN where there is none. */
function reader(side: Operand, table: Table): (row: number) => number {
  if (typeof side === "number") return () => side;
  if (typeof side === "string") {
    const cells = table.columns[side];
    return (row) => valueOf(cells[row]);
  }
  const parts = side.of.map((name) => table.columns[name]);
  const calculate = operate[side.operation];
  return (row) => {
    const value = parts.map((cells) => valueOf(cells[row])).reduce(calculate);
    return Number.isFinite(value) ? value : NaN;
  };
}

/** A cell as a number, or a moment in milliseconds since 1970. */
function valueOf(cell: Cell): number {
  if (typeof cell === "number") return cell;
  const text = textOfCell(cell);
  if (text === "") return NaN;
  const value = parseNumber(text);
  return Number.isNaN(value) ? parseMoment(text) : value;
}

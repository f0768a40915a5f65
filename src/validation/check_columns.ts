/** Whether columns hold what is declared. */

import { nearestName } from "../base/mod.ts";
import { type CleanNotice, kindOf, type Table } from "../features/mod.ts";
import { countText, EXAMPLES, shareText, type TableFinding } from "./finding.ts";
import { repeated, textOfCell } from "./rows.ts";
import type { ColumnRule, TableSchema } from "./schema.ts";

/** Columns that are named where one is missing. */
const COLUMNS_SHOWN = 6;

/** Looks at each declared column, and for others. */
export function checkColumns(
  { columns, others = true }: TableSchema,
  table: Table,
): TableFinding[] {
  const found = Object.keys(table.columns);
  const findings: TableFinding[] = [];
  for (const [name, rule] of Object.entries(columns)) {
    if (Object.hasOwn(table.columns, name)) findings.push(...checkColumn(name, rule, table));
    else if (!rule.optional) {
      const nearest = nearestName(name, found.filter((one) => !Object.hasOwn(columns, one)));
      findings.push({
        ...{ of: name, wanted: "a column", kept: false, otherwise: rule.otherwise ?? "error" },
        found: `not among ${found.length} columns: ${found.slice(0, COLUMNS_SHOWN).join(", ")}` +
          (found.length > COLUMNS_SHOWN ? ", …" : ""),
        examples: nearest === undefined ? [] : [`there is "${nearest}"`],
      });
    }
  }
  const more = found.filter((name) => !Object.hasOwn(columns, name));
  if (!others) {
    findings.push({
      ...{ of: "columns", wanted: "no others than declared", otherwise: "error" },
      ...{ found: `${more.length} others`, kept: more.length === 0 },
      examples: more.slice(0, EXAMPLES),
    });
  }
  return findings;
}

function checkColumn(name: string, rule: ColumnRule, table: Table): TableFinding[] {
  const cells = table.columns[name];
  const { rows } = table;
  const { holds, missing = 0, unread = 0, outside = 0, values, unique } = rule;
  const otherwise = rule.otherwise ?? "error";
  const notices = new Map<CleanNotice["what"], Omit<CleanNotice, "column">>();
  const column = kindOf(holds).clean(holds, cells, {
    name,
    tell: (notice) => void notices.set(notice.what, notice),
  });
  const lost = column.kind === "numbers"
    ? column.values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
    : column.codes.reduce((count, code) => count + Number(code < 0), 0);
  const told = (what: CleanNotice["what"]) => notices.get(what) ?? { count: 0, examples: [] };
  const limited = (
    count: number,
    limit: number,
    what: string,
    examples: readonly string[] = [],
  ): TableFinding => ({
    ...{ of: name, otherwise, found: `${countText(count, rows)} ${what}` },
    wanted: limit === 0 ? `none ${what}` : `at most ${shareText(limit)} ${what}`,
    kept: count <= limit * rows,
    examples: examples.map((text) => JSON.stringify(text)),
  });
  const findings = [
    limited(lost - told("unread").count - told("outside").count, missing, "missing"),
    limited(told("unread").count, unread, "not understood", told("unread").examples),
  ];
  if ("min" in holds || "max" in holds || told("outside").count > 0) {
    findings.push(
      limited(told("outside").count, outside, "out of range", told("outside").examples),
    );
  }
  if (values !== undefined) {
    const allowed = new Set(values);
    const wrong = new Map<string, number>();
    let count = 0;
    cells.forEach((cell, row) => {
      const text = textOfCell(cell);
      if (text === "" || allowed.has(text)) return;
      count++;
      if (!wrong.has(text) && wrong.size < EXAMPLES) wrong.set(text, row);
    });
    findings.push({
      ...limited(count, 0, "other"),
      examples: [...wrong].map(([text, row]) => `${JSON.stringify(text)} (row ${row + 1})`),
      wanted: `one of ${values.slice(0, 10).join(", ")}${values.length > 10 ? ", …" : ""}`,
    });
  }
  if (unique) findings.push({ ...repeated([name], table), otherwise });
  return findings;
}

/** Types, ranges, duplicates and constant columns. */

import type { Section, TableCell } from "../../report/mod.ts";
import { type DriftFindings, notCompared } from "../findings.ts";
import type { ColumnProfile } from "../profile.ts";
import { byReason } from "../verdict.ts";
import { count, digits, percent } from "../words.ts";

/** The section. */
export function dataQualitySection(findings: DriftFindings): Section {
  const { inputs, profiles } = findings;
  const kinds = new Map(inputs.columns.map(({ column, kind }) => [column, kind]));
  return {
    title: "Data quality",
    text: remarks(findings).join(" "),
    table: {
      head: [
        ...["Column", "Type", "Missing before", "Missing now", "Range before", "Range now"],
        ...["Distinct before", "Distinct now", "Far out before", "Far out now"],
      ],
      rows: inputs.columns.map(({ column, reference_missing, current_missing }): TableCell[] => {
        const { reference: was, current: is, farOut } = profiles[column];
        return [
          column,
          was.kind === is.kind ? kinds.get(column)! : `${was.kind} → ${is.kind}`,
          percent(reference_missing),
          percent(current_missing),
          range(was),
          range(is),
          was.distinct,
          is.distinct,
          percent(farOut.reference),
          percent(farOut.current),
        ];
      }),
    },
  };
}

/** What is odd about either side, one sentence each. */
function remarks(findings: DriftFindings): string[] {
  const { inputs, profiles, reference, current } = findings;
  const sentences: string[] = [];
  const list = (names: readonly string[]) =>
    names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
  for (const [name, side] of [["reference", reference], ["current data", current]] as const) {
    if (side.duplicates) {
      sentences.push(`${count(side.duplicates, "row")} of the ${name} repeat an earlier one.`);
    }
    const unread = Object.entries(side.unreadable);
    if (unread.length > 0) {
      sentences.push(
        `Values that are none in columns of numbers and dates of the ${name}: ` +
          `${list(unread.map(([column, texts]) => `${column} (${texts.toLocaleString("en")})`))}.`,
      );
    }
  }
  const constant = inputs.columns.map(({ column }) => column)
    .filter((column) => profiles[column].current.constant);
  const became = constant.filter((column) => !profiles[column].reference.constant);
  if (constant.length > 0) sentences.push(`Constant now: ${list(constant)}.`);
  if (became.length > 0) sentences.push(`Not so before: ${list(became)}.`);
  const left = notCompared(findings);
  if (left.length > 0) sentences.push(`Not compared: ${byReason(left)}.`);
  return sentences.length > 0 ? sentences : ["No duplicates, constant or missing columns."];
}

function range({ kind, min, max }: ColumnProfile): string {
  if (Number.isNaN(min)) return "–";
  const text = kind === "date"
    ? (time: number) => new Date(time).toISOString().slice(0, 10)
    : digits;
  return `${text(min)} to ${text(max)}`;
}

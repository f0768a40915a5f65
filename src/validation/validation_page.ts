/** The page about a table: what is not as declared, and all that was looked at. */

import { page, type Section, type TableSection } from "../report/mod.ts";
import { failed, type TableFinding, type TableFindings } from "./finding.ts";

/** Writes the page as one self-contained HTML text; the same findings give the same page. */
export function validationPage(findings: TableFindings): Promise<string> {
  const { path, digest, rows, findings: all } = findings;
  const [errors, warnings] = [failed(findings, "error"), failed(findings, "warning")];
  const sections: Section[] = [
    ...errors.length > 0 ? [{ title: "Not as declared", table: tableOf(errors) }] : [],
    ...warnings.length > 0 ? [{ title: "Worth a look", table: tableOf(warnings) }] : [],
    {
      title: "All that was looked at",
      text: `${path}, ${rows.toLocaleString("en")} rows, SHA-256 ${digest}.`,
      table: tableOf(all),
    },
  ];
  const tone = errors.length > 0 ? "bad" : warnings.length > 0 ? "warning" : "good";
  return page(`Validation of ${path}`, validationVerdict(findings), sections, tone);
}

/** What was found in one sentence. */
export function validationVerdict(findings: TableFindings): string {
  const { path, rows, findings: all } = findings;
  const [errors, warnings] = [failed(findings, "error"), failed(findings, "warning")];
  const looked = `${all.length} checks of ${rows.toLocaleString("en")} rows of ${path}`;
  if (errors.length + warnings.length === 0) return `All as declared: ${looked}.`;
  const parts = [
    ...errors.length > 0 ? [`${errors.length} not as declared`] : [],
    ...warnings.length > 0 ? [`${warnings.length} worth a look`] : [],
  ];
  return `${parts.join(", ")} of ${looked}.`;
}

function tableOf(findings: readonly TableFinding[]): TableSection {
  return {
    head: ["Of", "Verdict", "Found", "Wanted", "Examples"],
    rows: findings.map((finding) => [
      finding.of,
      verdictCell(finding),
      ...[finding.found, finding.wanted, finding.examples.join(", ")],
    ]),
  };
}

function verdictCell({ kept, otherwise }: TableFinding) {
  if (kept) return { text: "as wanted", tone: "good", order: 2 } as const;
  return otherwise === "error"
    ? { text: "error", tone: "bad", order: 0 } as const
    : { text: "warning", tone: "warning", order: 1 } as const;
}

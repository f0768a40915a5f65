/** Where everything came from. */

import type { Section } from "../../report/mod.ts";
import type { DriftResult } from "../../drift/mod.ts";
import type { DriftFindings } from "../findings.ts";
import { rowsText } from "../verdict.ts";

/** The section. */
export function sourcesSection(findings: DriftFindings): Section {
  const { reference, current, model, inputs, remarks } = findings;
  return {
    title: "Sources",
    text: [...remarks, groupsNote(inputs)].join(" "),
    table: {
      head: ["", "What", "Rows"],
      rows: [
        ["Reference", reference.name, rowsText(inputs.reference_rows, inputs.reference_groups)],
        ["Current", current.name, rowsText(inputs.current_rows, inputs.current_groups)],
        ["Model", model ? `${model.name} (${model.metadata.task.kind})` : "none", ""],
        ["Preset", inputs.preset, ""],
      ],
    },
  };
}

function groupsNote({ preset, reference_groups, current_groups }: DriftResult): string {
  const untold = [
    ...reference_groups === null ? ["the reference"] : [],
    ...current_groups === null ? ["the current data"] : [],
  ];
  if (preset === "evidently") return "Evidently's rules take all rows for independent.";
  return untold.length === 0
    ? "Values that the rows of one customer repeat count as far as they tell something new."
    : `No column of ${untold.join(" and ")} tells whose rows belong together: they count as ` +
      "independent, and repeated rows of the same customers can look like drift.";
}

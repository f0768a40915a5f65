/** Where everything came from. */

import type { Section } from "../../../src/report/mod.ts";
import type { DriftFindings } from "../findings.ts";

/** The section. */
export function sourcesSection({ reference, current, model, inputs }: DriftFindings): Section {
  return {
    title: "Sources",
    table: {
      head: ["", "What", "Rows"],
      rows: [
        ["Reference", reference.name, inputs.reference_rows],
        ["Current", current.name, inputs.current_rows],
        ["Model", model?.name ?? "none", ""],
        ["Preset", inputs.preset, ""],
      ],
    },
  };
}

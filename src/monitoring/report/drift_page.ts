/** The page about a comparison. */

import { page, type Section, type Tone } from "../../report/mod.ts";
import type { DriftFindings } from "../findings.ts";
import { columnSection } from "./columns.ts";
import { correlationSection, missingSection } from "./maps.ts";
import { outputSection } from "./outputs.ts";
import { overTimeSection } from "./over_time.ts";
import { dataQualitySection } from "./data_quality.ts";
import { sourcesSection } from "./sources.ts";
import { driftVerdict, greatestSeverity } from "../verdict.ts";

const tones: Readonly<Record<string, Tone>> = {
  none: "good",
  low: "warning",
  medium: "warning",
  high: "bad",
};

/** Writes the page as one self-contained HTML text. */
export function driftPage(findings: DriftFindings, moment: Date): Promise<string> {
  const sections: (Section | undefined)[] = [
    columnSection(findings),
    overTimeSection(findings),
    outputSection(findings),
    ...findings.quality?.sections ?? [],
    correlationSection(findings),
    missingSection(findings),
    dataQualitySection(findings),
    sourcesSection(findings),
  ];
  return page(
    `Drift ${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`,
    driftVerdict(findings),
    sections.filter((section) => section !== undefined),
    tones[greatestSeverity(findings)],
  );
}

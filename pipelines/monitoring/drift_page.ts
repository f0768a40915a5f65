/** The page about a comparison. */

import { page, type Section, type Tone } from "../../src/report/mod.ts";
import type { DriftFindings } from "./findings.ts";
import { columnSection } from "./page/columns.ts";
import { correlationSection, missingSection } from "./page/maps.ts";
import { outputSection } from "./page/outputs.ts";
import { overTimeSection } from "./page/over_time.ts";
import { performanceSection, realizedSection } from "./page/performance.ts";
import { dataQualitySection } from "./page/data_quality.ts";
import { sourcesSection } from "./page/sources.ts";
import { greatestSeverity, verdict } from "./verdict.ts";

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
    performanceSection(findings),
    realizedSection(findings),
    correlationSection(findings),
    missingSection(findings),
    dataQualitySection(findings),
    sourcesSection(findings),
  ];
  return page(
    `Drift ${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`,
    verdict(findings),
    sections.filter((section) => section !== undefined),
    tones[greatestSeverity(findings)],
  );
}

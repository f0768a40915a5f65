/** The page about a training of forecasts. */

import { page, type Section } from "../report/mod.ts";
import { levelName } from "../series/mod.ts";
import { type ForecastReportParts, forecastSections } from "./forecast_sections.ts";
import type { GateReport, TrainingData } from "../training/mod.ts";

/** Writes the page as one self-contained HTML text, and gives its sections. */
export async function forecastReport(
  parts: ForecastReportParts & {
    readonly source: TrainingData;
    readonly gates?: GateReport;
  },
  version: string,
): Promise<{ readonly html: string; readonly sections: readonly Section[] }> {
  const { judged: { metrics }, file, source, gates } = parts;
  const [level] = file.levels;
  const within = metrics[`coverage_${levelName(level)}`];
  const better = metrics.mase < metrics.mase_naive;
  const lead = `${file.series.length} series of ${source.path}, ${file.horizon} months ahead: ` +
    `MASE ${metrics.mase.toFixed(3)}, ${better ? "better" : "no better"} than saying the last ` +
    `season again (${metrics.mase_naive.toFixed(3)}).` +
    (within === undefined
      ? ""
      : ` ${(100 * within).toFixed(0)} % of what came lies within the ${
        100 * level
      } % intervals.`) +
    (gates === undefined || gates.missed.length === 0
      ? ""
      : ` Not published: ${gates.missed.join("; ")}.`);
  const tone = gates === undefined ? undefined : gates.missed.length > 0 ? "bad" : "good";
  const sections = forecastSections(parts);
  return { html: await page(`Forecasts ${version}`, lead, sections, tone), sections };
}

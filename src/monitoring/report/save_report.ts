/** Writes what was found: the page, and the newest page and data under fixed names. */

import { join } from "@std/path";
import { writeFileAtomic } from "../../base/mod.ts";
import { timestampName } from "../../registry/mod.ts";
import { driftJsonOf } from "./drift_json.ts";
import { driftPage } from "./drift_page.ts";
import type { DriftFindings } from "../findings.ts";

/** Where reports go. */
export const reportsFolder = "reports";

/** Writes all files; each appears whole or not at all. */
export async function saveReport(
  findings: DriftFindings,
  moment: Date,
): Promise<{ readonly page: string; readonly json: string }> {
  const text = await driftPage(findings, moment);
  const page = join(reportsFolder, `drift_${timestampName(moment)}.html`);
  const json = join(reportsFolder, "drift_latest.json");
  await writeFileAtomic(page, text);
  await writeFileAtomic(join(reportsFolder, "drift_latest.html"), text);
  await writeFileAtomic(json, JSON.stringify(driftJsonOf(findings, moment), null, 2) + "\n");
  return { page, json };
}

/** Whether what was found stops a pipeline of someone else's. */

import { severities } from "../drift/mod.ts";
import type { Outcome } from "../pipeline/mod.ts";
import type { DriftFindings } from "./findings.ts";
import type { DriftParams } from "./params.ts";
import { greatestSeverity } from "./verdict.ts";

/** Drift of the severity that was asked for, or a greater one. */
const DRIFT = 3;

/** 3 if drift of severity `failOn` or greater was found, else 0. */
export function exitCodeOf(findings: DriftFindings, failOn: DriftParams["fail_on"]): Outcome {
  if (failOn === "never") return { exitCode: 0 };
  const found = severities.indexOf(greatestSeverity(findings));
  return { exitCode: found >= severities.indexOf(failOn) ? DRIFT : 0 };
}

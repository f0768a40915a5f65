/** The end of an answer's text. */

import type { Warning } from "../../model/understanding.ts";

/** Closes an answer: with what was not understood, if there is something. */
export function ending(warnings: readonly Warning[] | undefined): string {
  return warnings === undefined ? "}" : `,"warnings":${JSON.stringify(warnings)}}`;
}

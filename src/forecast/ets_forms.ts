/** The forms of exponential smoothing. */

/** How errors, trend and season join: none, additive, damped or multiplicative. */
export interface EtsForm {
  /** How errors come in. */
  readonly error: "A" | "M";
  /** The trend; Ad is one that dies away. */
  readonly trend: "N" | "A" | "Ad";
  /** The season. */
  readonly season: "N" | "A" | "M";
}

/**
 * The forms whose errors, trend and season go together: no multiplicative season with additive
 * errors, whose variance is infinite, and nothing multiplicative of values that are not above 0.
 */
export function etsForms(positive: boolean, seasonal: boolean): EtsForm[] {
  const forms: EtsForm[] = [];
  for (const error of ["A", "M"] as const) {
    for (const trend of ["N", "A", "Ad"] as const) {
      for (const season of ["N", "A", "M"] as const) {
        if (!positive && (error === "M" || season === "M")) continue;
        if (!seasonal && season !== "N") continue;
        if (error === "A" && season === "M") continue;
        forms.push({ error, trend, season });
      }
    }
  }
  return forms;
}

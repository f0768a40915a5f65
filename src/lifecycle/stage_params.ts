/** What is said of the stages around a training. */

import { z } from "zod";

/** The values of {@linkcode stageParams}. */
export interface StageParams {
  /** What becomes of a model that reached its gates, if the checklist passes it. */
  readonly then: "champion" | "challenger" | "nothing";
  /** Severity of drift from which on nothing is trained. */
  readonly drift: "never" | "low" | "medium" | "high";
}

/** Types, defaults and descriptions, to be spread among a training's own parameters. */
export const stageParams: {
  readonly [Name in keyof StageParams]: { parse(value: unknown): StageParams[Name] };
} = {
  then: z.enum(["champion", "challenger", "nothing"]).default("champion")
    .describe("What becomes of a model that reached its gates, if the checklist passes it"),
  drift: z.enum(["never", "low", "medium", "high"]).default("never")
    .describe("Severity of drift from the champion's rows from which on nothing is trained"),
};

/** What was decided about models, a line each. */

import { appendJsonLines, ifPresent, jsonLines } from "../base/mod.ts";
import { join } from "@std/path";

/** A decision. */
export interface RetrainDecision {
  /** When, ISO 8601 in UTC. */
  readonly timestamp: string;
  /** Name of the model in the registry. */
  readonly model: string;
  /**
   * `waits`: nothing was done; `failed`: the training failed or missed its gates; `rejected`: the
   * new model is not better; `challenger`, `promoted`; `dropped`: the challenger showed no gain.
   */
  readonly decision: "waits" | "failed" | "rejected" | "challenger" | "promoted" | "dropped";
  /** Why, a sentence each. */
  readonly reasons: readonly string[];
  /** The version that answers. */
  readonly champion?: string;
  /** The version that was trained. */
  readonly candidate?: string;
  /** File with the rows of the training. */
  readonly data?: string;
}

/** Path of the history below a log. */
export const historyFile = (log: string): string => join(log, "monitoring", "retraining.jsonl");

/** The decisions so far, oldest first. */
export async function readHistory(log: string): Promise<RetrainDecision[]> {
  const text = await ifPresent(Deno.readTextFile(historyFile(log))) ?? "";
  return jsonLines(text) as RetrainDecision[];
}

/** Adds a decision. */
export async function addDecision(log: string, decision: RetrainDecision): Promise<void> {
  await Deno.mkdir(join(log, "monitoring"), { recursive: true });
  await appendJsonLines(historyFile(log), [decision]);
}

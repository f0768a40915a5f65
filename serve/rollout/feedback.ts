/** What becomes of a true label that comes back. */

import { parseFileName } from "../../src/prediction_log/mod.ts";
import type { FeedbackRecord } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import type { Scoreboard } from "./scoreboard.ts";

/** How feedback was taken: for a prediction that is remembered, or for the prediction log alone. */
export type Taken = "matched" | "late";

/** What a {@linkcode FeedbackDesk} needs. */
export interface FeedbackOptions {
  readonly scoreboard: Scoreboard;
  /** Logs it. */
  readonly log: (record: FeedbackRecord) => void;
  /** Counts it. */
  readonly count: (result: Taken | "unknown") => void;
  /** Folder of the prediction log, "" where predictions are not logged. */
  readonly folder: string;
}

/** Takes feedback. */
export class FeedbackDesk {
  /** Takes what it needs. */
  constructor(private readonly options: FeedbackOptions) {}

  /**
   * Takes the true class of an earlier prediction. What is not remembered any
   * more is logged all the same: whoever reads the prediction log joins it.
   *
   * @param classes Classes of the model that answers now.
   * @throws {Problem} 404 where there surely was no such prediction, 422 where
   * its model knows no such class.
   */
  async take(id: string, label: string, classes: readonly string[]): Promise<Taken> {
    const { scoreboard, log, count } = this.options;
    const judgement = scoreboard.judge(id, label);
    if (typeof judgement === "object") throw unknownClass(label, judgement.classes);
    if (judgement === "unknown") {
      if (!await this.#mayHaveBeen()) {
        count("unknown");
        throw new Problem(404, `There was no prediction of request "${id}"`);
      }
      if (!classes.includes(label)) throw unknownClass(label, classes);
    }
    const taken = judgement === "matched" ? "matched" : "late";
    log({ time: new Date().toISOString(), request_id: id, label });
    count(taken);
    return taken;
  }

  /** Whether a prediction may have been that is not remembered: forgotten, or of another process. */
  async #mayHaveBeen(): Promise<boolean> {
    const { scoreboard, folder } = this.options;
    if (!scoreboard.remembersAll) return true;
    if (folder === "") return false;
    try {
      for await (const { name } of Deno.readDir(folder)) {
        const file = parseFileName(name);
        if (file?.kind === "predictions" && file.process !== Deno.pid) return true;
      }
      return false;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }
}

function unknownClass(label: string, classes: readonly string[]): Problem {
  return new Problem(422, "Cannot take the feedback: the model knows no such class", {
    errors: [{ pointer: "/label", detail: `"${label}" is none of ${classes.join(", ")}` }],
  });
}

/** What becomes of a true label that comes back. */

import { folderEntries } from "../../src/base/mod.ts";
import { parseFileName, partId } from "../../src/prediction_log/mod.ts";
import type { FeedbackRecord } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import type { Unfit } from "../predict/answers/contract.ts";
import type { Judgement } from "./scoreboard.ts";

/** How feedback was taken: for a prediction that is remembered, or for the prediction log alone. */
export type Taken = "matched" | "late";

/** What a {@linkcode FeedbackDesk} needs. */
export interface FeedbackOptions {
  /** Asks who predicted for their judgements; see {@linkcode Scoreboard.judge}. */
  readonly judge: (
    id: string,
    label: string | number,
    part?: string,
  ) => Promise<readonly Judgement[]>;
  readonly log: (record: FeedbackRecord) => void;
  readonly count: (result: Taken | "unknown") => void;
  /** Folder of the prediction log, "" if predictions are not logged. */
  readonly folder: string;
}

/** Takes feedback. */
export class FeedbackDesk {
  /** Takes what it needs. */
  constructor(private readonly options: FeedbackOptions) {}

  /**
   * Takes what turned out to be true of an earlier prediction. What is not remembered any
   * more is logged all the same: whoever reads the prediction log joins it.
   *
   * @param truth Reads a label as the model that answers now understands it.
   * @param part Which part of the answer came true, as a month; the first if it is left out.
   * @throws {Problem} 404 if there surely was no such prediction, 422 where
   * the label cannot be true of it.
   */
  async take(
    id: string,
    label: string | number,
    truth: (label: string | number) => string | number | Unfit,
    part?: string,
  ): Promise<Taken> {
    const { judge, log, count } = this.options;
    const judgements = await judge(id, label, part);
    const stranger = judgements.find((judgement) => typeof judgement === "object");
    if (stranger !== undefined) throw refused(stranger);
    const isFirst = part === undefined || judgements.includes("matched first");
    const known = judgements.some((one) => one === "matched" || one === "matched first");
    const taken = known ? "matched" : "late";
    const own = isFirst ? id : partId(id, part);
    if (taken === "late") {
      if (!judgements.includes("forgotten") && !await this.#ofAnotherProcess()) {
        count("unknown");
        throw new Problem(404, `There was no prediction of request "${own}"`);
      }
    }
    const read = truth(label);
    if (typeof read === "object" && taken === "late") throw refused(read);
    // A model that answered before may have been of another task.
    log({
      ...{ time: new Date().toISOString(), request_id: own },
      label: typeof read === "object" ? label : read,
    });
    count(taken);
    return taken;
  }

  /** Whether another process logged predictions, of which it may have been one. */
  async #ofAnotherProcess(): Promise<boolean> {
    const { folder } = this.options;
    if (folder === "") return false;
    return (await folderEntries(folder)).some(({ name }) => {
      const file = parseFileName(name);
      return file?.kind === "predictions" && file.process !== Deno.pid;
    });
  }
}

function refused({ fault }: Unfit): Problem {
  return new Problem(422, "Cannot take the feedback: it does not fit what the model predicts", {
    errors: [{ pointer: "/label", detail: fault }],
  });
}

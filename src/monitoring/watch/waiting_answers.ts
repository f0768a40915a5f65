/** Answers that wait for their labels, and the latest of all: bounded, plain JSON once they are kept. */

import { type PredictionColumns, requestIdOf } from "../../prediction_log/mod.ts";
import { type Said, saidRow } from "./said.ts";
import { type ModelState, MOST_PENDING } from "./state.ts";

/** An answer whose label has not come. */
export interface WaitingAnswer {
  /** As {@link ModelState.predicted} has it. */
  readonly said: readonly number[];
  /** Digest of the group's key; null where none was logged. */
  readonly group: string | null;
}

/** A batch that was not taken apart yet: most of a long log never is, as later rows replace it. */
interface Batch {
  readonly columns: Pick<PredictionColumns, "rows" | "groups" | "idBytes" | "idEnds">;
  readonly said: Said;
}

/** The latest answers of a model. */
export class WaitingAnswers {
  readonly #waiting = new Map<string, WaitingAnswer>();
  #batches: Batch[] = [];
  #rows = 0;
  readonly #most: number;

  /**
   * Goes on from what was kept.
   *
   * @param recentRows Latest answers that are kept whether or not they have a label.
   */
  constructor(private readonly state: ModelState, private readonly recentRows: number) {
    this.#most = Math.max(recentRows, MOST_PENDING);
    for (const [id, group, ...said] of state.pending) this.#waiting.set(id, { group, said });
  }

  /** Takes answers in, in the order in which they were made. */
  add({ rows, groups, idBytes, idEnds }: PredictionColumns, said: Said): void {
    // The log uses its memory again.
    const own = { groups: groups.slice(), idBytes: idBytes.slice(), idEnds: idEnds.slice() };
    this.#batches.push({ columns: { rows, ...own }, said });
    this.#rows += rows;
    while (this.#rows - this.#batches[0].columns.rows >= this.#most) {
      this.#rows -= this.#batches.shift()!.columns.rows;
    }
  }

  /** The answer of a request, which waits no more; undefined if none does. */
  take(id: string): WaitingAnswer | undefined {
    this.#settle();
    const found = this.#waiting.get(id);
    this.#waiting.delete(id);
    return found;
  }

  /** Brings the state up to date. */
  save(): void {
    this.#settle();
    this.state.pending = [...this.#waiting].map(([id, { group, said }]) =>
      [id, group, ...said] as const
    );
  }

  #settle(): void {
    if (this.#batches.length === 0) return;
    const { predicted } = this.state;
    for (const { columns, said } of this.#batches) {
      for (let row = 0; row < columns.rows; row++) {
        const own = saidRow(said, row);
        const group = columns.groups[row] ?? null;
        this.#waiting.set(requestIdOf(columns, row), { said: own, group });
        predicted.push(own);
      }
    }
    [this.#batches, this.#rows] = [[], 0];
    predicted.splice(0, predicted.length - this.recentRows);
    for (const id of this.#waiting.keys()) {
      if (this.#waiting.size <= MOST_PENDING) break;
      this.#waiting.delete(id);
    }
  }
}

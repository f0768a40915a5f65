/** Reads lines of predictions as columns: those of a known shape at once, others by `JSON.parse`. */

import { parsedJson } from "../base/mod.ts";
import { InternedTexts } from "./interned_texts.ts";
import { LineCursor } from "./line_cursor.ts";
import { LineShape } from "./line_shape.ts";
import { type PredictionColumns, PredictionRows } from "./prediction_columns.ts";
import { predictionRecord } from "./record.ts";

/** Shapes that are known at a time, the latest first. */
const MOST_SHAPES = 16;
/** Versions whose arrays are kept from one piece to the next. */
const MOST_VERSIONS = 64;
/** Shapes that are learned of a piece: where all lines differ they cost more than they save. */
const MOST_LEARNED = 32;
const NEWLINE = 10;

/** What a piece of a file holds. */
export interface PieceOfPredictions {
  /** A version of a model each, in the order in which they come. */
  readonly predictions: readonly PredictionColumns[];
  /** Lines that are no records, or of no moment. */
  readonly malformed: number;
}

/** Reads pieces of files of predictions, one after the other. */
export class PredictionLines {
  readonly #cursor = new LineCursor();
  readonly #texts = new InternedTexts();
  readonly #decoder = new TextDecoder();
  #shapes: LineShape[] = [];
  #versions = new Map<string, PredictionRows>();

  /** Reads whole lines; what it gives is of use until the next ones are read. */
  read(bytes: Uint8Array): PieceOfPredictions {
    const cursor = this.#cursor;
    let [malformed, learned] = [0, 0];
    for (let at = 0; at < bytes.length; at = cursor.at) {
      if (this.#takesKnown(bytes, at)) continue;
      const end = bytes.indexOf(NEWLINE, at);
      cursor.start(bytes, end + 1);
      if (end === at) continue;
      const line = parsedJson(this.#decoder.decode(bytes.subarray(at, end)));
      const record = predictionRecord.safeParse(line).data;
      const time = record === undefined ? NaN : Date.parse(record.time);
      if (record === undefined || Number.isNaN(time)) {
        malformed++;
        continue;
      }
      const rows = this.#rowsOf(record.model_name, record.model_version);
      rows.add(record, time);
      if (learned++ >= MOST_LEARNED) continue;
      this.#shapes.unshift(
        LineShape.of(line as Record<string, unknown>, record, rows, this.#texts),
      );
      this.#shapes.splice(MOST_SHAPES);
    }
    const predictions = [...this.#versions.values()].filter(({ rows }) => rows > 0)
      .map((rows) => rows.take());
    if (this.#versions.size > MOST_VERSIONS) {
      this.#versions = new Map();
      this.#shapes = [];
    }
    return { predictions, malformed };
  }

  #takesKnown(bytes: Uint8Array, at: number): boolean {
    const shapes = this.#shapes;
    for (let i = 0; i < shapes.length; i++) {
      this.#cursor.start(bytes, at);
      if (!shapes[i].take(this.#cursor)) continue;
      if (i > 0) this.#shapes = [shapes[i], ...shapes.slice(0, i), ...shapes.slice(i + 1)];
      return true;
    }
    return false;
  }

  #rowsOf(name: string, version: string): PredictionRows {
    const key = JSON.stringify([name, version]);
    let rows = this.#versions.get(key);
    if (rows === undefined) this.#versions.set(key, rows = new PredictionRows(name, version));
    return rows;
  }
}

/** The text of an answer, from pieces that are ready when the model is loaded. */

import { ModelError } from "../../src/base/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { Scores } from "../model/inference.ts";

/** A probability from which the business acts; configured, never learned. */
export interface Threshold {
  /** The probability, 0 to 1. */
  readonly value: number;
  /** Whose probability; the predicted class's where it is left out. */
  readonly label?: string;
}

/** An answer of `POST /predict`. */
export interface Answer {
  readonly request_id: string;
  readonly prediction: string;
  /** Index of the prediction in `class_labels`. */
  readonly prediction_code: number;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly class_labels: readonly string[];
  readonly latency_ms: number;
  readonly model_name: string;
  readonly model_version: string;
  /** The configured threshold; absent without one. */
  readonly threshold?: number;
  /** Whether the probability reaches the threshold; absent without one. */
  readonly above_threshold?: boolean;
}

/** Writes {@linkcode Answer}s of one model as JSON. */
export class AnswerWriter {
  /** `"prediction":…,"prediction_code":…,"probabilities":{` by label. */
  readonly #heads: ReadonlyMap<string, string>;
  /** `"Poor":`, `,"Standard":`, … */
  readonly #names: readonly string[];
  readonly #labels: string;
  readonly #tail: string;
  readonly #codeOf: ReadonlyMap<string, number>;

  /**
   * Takes the model's metadata and the threshold.
   *
   * @throws {ModelError} where the threshold's class is none of the model's.
   */
  constructor(metadata: ModelMetadata, private readonly threshold?: Threshold) {
    const { class_labels, model_name, version } = metadata;
    if (threshold?.label !== undefined && !class_labels.includes(threshold.label)) {
      throw new ModelError(
        `Cannot compare the probability of "${threshold.label}": the classes are ` +
          class_labels.join(", "),
        { next: "correct THRESHOLD_CLASS" },
      );
    }
    this.#codeOf = new Map(class_labels.map((label, code) => [label, code]));
    this.#heads = new Map(class_labels.map((label, code) => [
      label,
      `"prediction":${JSON.stringify(label)},"prediction_code":${code},"probabilities":{`,
    ]));
    this.#names = class_labels.map((label, code) =>
      `${code === 0 ? "" : ","}${JSON.stringify(label)}:`
    );
    this.#labels = `},"class_labels":${JSON.stringify(class_labels)},"latency_ms":`;
    this.#tail = `,"model_name":${JSON.stringify(model_name)},"model_version":${
      JSON.stringify(version)
    }`;
  }

  /** Writes an answer; an id holds no letter that JSON escapes. */
  write(id: string, { label, probabilities }: Scores, latencyMs: number): string {
    let text = `{"request_id":"${id}",${this.#heads.get(label)}`;
    for (let k = 0; k < probabilities.length; k++) text += this.#names[k] + probabilities[k];
    text += this.#labels + latencyMs + this.#tail;
    if (this.threshold === undefined) return text + "}";
    const { value, label: compared = label } = this.threshold;
    const above = probabilities[this.#codeOf.get(compared)!] >= value;
    return `${text},"threshold":${value},"above_threshold":${above}}`;
  }
}

/** What a prediction request may send, told by the fitted features. */

/** One raw column that a model reads. */
export interface InputField {
  /** Name of the raw column. */
  readonly name: string;
  /** What the model takes: a number or a text. */
  readonly kind: "number" | "text";
  /** Whether a request must send it: missing values are imputed, so today never. */
  readonly required: boolean;
  /** The texts that training knows, where the column holds categories. */
  readonly categories?: readonly string[];
  /** Whether it is free text, of any length and in any language; absent if not. */
  readonly freeText?: true;
  /** Smallest number that is believed; below it counts as missing. */
  readonly min?: number;
  /** Largest number that is believed; above it counts as missing. */
  readonly max?: number;
  /** Whether categories are integer codes, which may be sent as numbers. */
  readonly codes?: boolean;
  /** How its numbers are written in text, where not plainly; give it to `parseNumber`. */
  readonly decimal?: "." | ",";
  /** What the column means. */
  readonly description?: string;
}

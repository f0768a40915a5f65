/** What a rule finds in a text. */

/** Something that a rule found. */
export interface Spotted<Value> {
  /** First character, in UTF-16 units. */
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
  /** What it means. */
  readonly value: Value;
}

/** What the statements of a cell declare and mention. Plain data, made by the linter's parser. */

/** A place in the text of a cell, in UTF-16 units. */
export interface Span {
  /** The first unit. */
  readonly start: number;
  /** The unit after the last. */
  readonly end: number;
}

/** A name that a statement declares for the whole notebook. */
export interface DeclaredName extends Span {
  /** The name. */
  readonly name: string;
  /** Up to here, a mention of the name means what an earlier cell declared. */
  readonly from: number;
  /** How it must be written to be renamed: `{ a }` becomes `{ a as b }` or `{ a: b }`. */
  readonly short?: "import" | "property";
}

/** A mention of a name that the statement does not declare within itself. */
export interface Reference extends Span {
  /** The name. */
  readonly name: string;
  /** Whether it is given a new value. */
  readonly assigned: boolean;
  /** Whether it is both the key and the value of a property. */
  readonly short: boolean;
}

/** A statement at the top of a cell. */
export interface Statement extends Span {
  /**
   * `import`; `definition` for functions, classes and types, which only say how
   * something is done; `values` for other declarations; else `action`.
   */
  readonly kind: "import" | "definition" | "values" | "action";
  /** The module that is imported. */
  readonly specifier?: string;
  /** What it declares. */
  readonly declared: readonly DeclaredName[];
  /** What it mentions. */
  readonly references: readonly Reference[];
  /** Whether it awaits something itself, not in a function. */
  readonly awaits: boolean;
}

/** The statements of a cell in their order. */
export type CellFacts = readonly Statement[];

/** What an advisor may call: its name, what it takes, what it gives. */

/** A result that a tool could not give, for whoever called it to read. */
export interface ToolFault {
  /** What was found and what is wanted. */
  readonly error: string;
}

/** Checks what a tool is given, and declares it; an object schema of zod is one. */
export interface ToolInput<Input> {
  /** The input as the tool takes it, or every fault with its place. */
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Input }
    | {
      readonly success: false;
      readonly error: {
        readonly issues: readonly {
          readonly path: readonly PropertyKey[];
          readonly message: string;
        }[];
      };
    };
  /** JSON Schema of what is sent, before defaults are filled in. */
  toJSONSchema(options: { readonly io: "input" }): object;
}

/** A tool. What it gives is plain data, its own input among it, so that figures can be followed. */
export interface Tool<Input = unknown> {
  /** Letters, digits and `_`, at most 64. */
  readonly name: string;
  /** When to call it and what it gives, in a sentence or two. */
  readonly description: string;
  /** What it takes, an object. */
  readonly input: ToolInput<Input>;
  /**
   * Calls it.
   *
   * @throws {UserError} where it cannot give a result, with the reason.
   */
  call(input: Input, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  /** What a question wants of this tool and of nothing else, where its words say all of it. */
  read?(question: string): Input | undefined;
  /** The result in a sentence or some. */
  say?(result: Readonly<Record<string, unknown>>): string;
}

/** A tool of any input. */
// deno-lint-ignore no-explicit-any -- the input of each is its own
export type AnyTool = Tool<any>;

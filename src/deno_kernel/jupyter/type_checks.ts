/** Types of cells, checked before they run or below them. */

/** What tells of code that is being written; answers that it does not have are empty. */
export interface CodeKnowledge {
  /** What may stand at a place, and what of the text it replaces. */
  complete(code: string, cursor: number): Promise<{
    readonly matches: readonly string[];
    readonly cursor_start: number;
    readonly cursor_end: number;
    readonly metadata?: unknown;
  }>;
  /** What stands at a place, by media type; undefined if nothing is known. */
  inspect(code: string, cursor: number): Promise<Readonly<Record<string, string>> | undefined>;
  /** Hears a cell that was run; the same name again replaces it. */
  ran(code: string, name: string): void;
  /** Type errors of the cells that were run, by their names. */
  errors(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** What becomes of type errors: nothing, a warning below the cell, or an error before it runs. */
export type TypeCheck = "off" | "warn" | "error";

/** Milliseconds without a cell after which types are checked. */
const CHECK_AFTER = 500;

/** Checks the cells of one kernel. */
export class TypeChecks<Cell> implements Disposable {
  readonly #unchecked = new Map<string, Cell>();
  #checking: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** Tells what is wrong with a cell by `warn`. */
  constructor(
    readonly knowledge: CodeKnowledge,
    readonly types: TypeCheck,
    readonly warn: (text: string, cell: Cell | undefined) => void,
  ) {}

  /** The type errors of a cell that is about to run; undefined without any, or if it may run. */
  async before(code: string, id: unknown): Promise<readonly string[] | undefined> {
    if (this.types !== "error") return undefined;
    const name = String(id ?? code);
    this.knowledge.ran(code, name);
    return (await this.knowledge.errors()).get(name);
  }

  /** Has the types of a cell that ran checked when no other waits; what is wrong is told below it. */
  after(code: string, id: unknown, cell: Cell): void {
    const name = String(id ?? code);
    this.knowledge.ran(code, name);
    if (this.types === "off") return;
    this.#unchecked.set(name, cell);
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => this.#check(), CHECK_AFTER);
  }

  /** Checks nothing more. */
  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#checking);
  }

  async #check(): Promise<void> {
    const cells = [...this.#unchecked];
    this.#unchecked.clear();
    try {
      const errors = await this.knowledge.errors();
      for (const [name, cell] of cells) {
        const told = errors.get(name);
        if (told === undefined) continue;
        this.warn(told.map((error) => `type warning: ${error}\n`).join(""), cell);
      }
    } catch (error) {
      if (this.#over) return; // the language server has ended with the kernel
      this.warn(`Cannot check the types: ${(error as Error).message}\n`, cells.at(-1)?.[1]);
    }
  }
}

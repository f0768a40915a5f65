/** Controls beside the cells: a change runs the cells again that are tagged `on:NAME`. */

import { html, UsageError } from "../base/mod.ts";
import { kernelComms } from "./comms.ts";
import type { Media } from "./view.ts";

/** What a front end draws. */
export type Drawn =
  | { readonly kind: "slider"; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: "select"; readonly choices: readonly string[] }
  | { readonly kind: "button"; readonly label: string };

/**
 * A control with its value. As the last line of a cell it is drawn in JupyterLab; elsewhere, and
 * where a notebook runs without a front end, it has the value that it was made with.
 */
export class Control<T extends string | number> {
  #value: T;

  /** Takes what is drawn, and which value a front end may set. */
  constructor(
    /** Its name, by which cells are tagged. */
    readonly name: string,
    value: T,
    readonly drawn: Drawn,
    readonly take: (given: unknown, value: T) => T | undefined,
  ) {
    this.#value = value;
    keepControl(this);
  }

  /** What is chosen now. */
  get value(): T {
    return this.#value;
  }

  /** Sets what a front end sends, if it is one of the values; gives what is chosen then. */
  set(given: unknown): T {
    return this.#value = this.take(given, this.#value) ?? this.#value;
  }

  /** What a kernel shows. */
  [Symbol.for("Jupyter.display")](): Media {
    const text = this.drawn.kind === "button" ? this.drawn.label : `${this.name}: ${this.value}`;
    return {
      "text/plain": text,
      "text/html": html`<p>${text}</p>`.text,
      "application/vnd.dinoflow.control+json": {
        ...{ name: this.name, value: this.value },
        ...this.drawn,
      },
    };
  }

  /** What the console shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return `${this.name}: ${this.value}`;
  }
}

/**
 * A number between two others.
 *
 * @throws {UsageError} if there is none, or `value` is not one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const trees = slider("trees", { min: 10, max: 100, step: 10, value: 50 });
 * assertEquals(trees.value, 50);
 * ```
 */
export function slider(
  name: string,
  { min, max, step = 1, value = min }: {
    readonly min: number;
    readonly max: number;
    readonly step?: number;
    readonly value?: number;
  },
): Control<number> {
  const allowed = (given: unknown) => typeof given === "number" && given >= min && given <= max;
  if (!(min < max) || !(step > 0) || !allowed(value)) {
    throw new UsageError(
      `Cannot make the slider ${name} from ${min} to ${max} by ${step} at ${value}`,
      { next: "give min below max, a step above 0 and a value between them" },
    );
  }
  const drawn = { kind: "slider", min, max, step } as const;
  return new Control(name, value, drawn, (given) => allowed(given) ? given as number : undefined);
}

/**
 * One of several texts, the first unless `value` is another.
 *
 * @throws {UsageError} if there is none, or `value` is not one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(choice("learner", ["forest", "boosting"]).value, "forest");
 * ```
 */
export function choice<T extends string>(
  name: string,
  choices: readonly T[],
  value: T = choices[0],
): Control<T> {
  if (!choices.includes(value)) {
    throw new UsageError(`Cannot make the choice ${name} of ${choices.length} texts at ${value}`, {
      next: "give texts to choose from, the value among them",
    });
  }
  const drawn = { kind: "select", choices } as const;
  return new Control(
    name,
    value,
    drawn,
    (given) => choices.includes(given as T) ? given as T : undefined,
  );
}

/**
 * A button; its value is how often it was pressed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(button("again", "Draw again").value, 0);
 * ```
 */
export function button(name: string, label: string = name): Control<number> {
  return new Control<number>(name, 0, { kind: "button", label }, (_, value) => value + 1);
}

/** The newest control of each name. */
const controls = new Map<string, Control<string | number>>();

let listening = false;

function keepControl(control: object): void {
  const comms = kernelComms();
  if (comms === undefined) return;
  const kept = control as Control<string | number>;
  controls.set(kept.name, kept);
  if (listening) return;
  listening = true;
  comms.onComm("dinoflow.control", (type, { comm_id, data }) => {
    if (type !== "comm_open") return;
    const name = String(data.control);
    if (!controls.has(name)) return void comms.broadcast("comm_close", { comm_id, data: {} });
    comms.onComm(comm_id, (type, { data }) => {
      if (type !== "comm_msg") return;
      const value = controls.get(name)!.set(data.value);
      comms.broadcast("comm_msg", { comm_id, data: { value } });
    });
  });
}

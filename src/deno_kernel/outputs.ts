/** The outputs of cells as a notebook keeps them. */

import type { KernelOutput } from "./kernel.ts";

/** An output in a notebook (nbformat 4). */
export type Output = StreamOutput | DataOutput | ErrorOutput;

/** What a cell printed. */
export interface StreamOutput {
  /** Tells outputs apart. */
  output_type: "stream";
  /** `stdout` or `stderr`. */
  name: string;
  /** The text. */
  text: string;
}

/** What a cell displayed, or its value. */
export interface DataOutput {
  /** Tells outputs apart. */
  output_type: "display_data" | "execute_result";
  /** The same by MIME type: text, or JSON. */
  data: Readonly<Record<string, unknown>>;
  /** How to show it. */
  metadata: Readonly<Record<string, unknown>>;
  /** Of a value: which execution gave it. */
  execution_count?: number | null;
}

/** The error that ended a cell. */
export interface ErrorOutput {
  /** Tells outputs apart. */
  output_type: "error";
  /** Name of the error. */
  ename: string;
  /** What it says. */
  evalue: string;
  /** Lines of where it was thrown. */
  traceback: readonly string[];
}

/** Outputs that other cells may still update, by the name that they were given. */
export type Displays = Map<string, DataOutput[]>;

/** Takes the outputs of one cell as the kernel sends them. */
export class OutputCollector {
  /** What the cell's outputs are by now. */
  readonly outputs: Output[] = [];
  #clearNext = false;

  /** Takes the displays of the whole notebook. */
  constructor(readonly displays: Displays) {}

  /** Takes one output; messages that are none are let go. */
  take({ type, content }: KernelOutput): void {
    switch (type) {
      case "stream":
        return this.#stream(content as { name: string; text: string });
      case "display_data":
      case "execute_result":
        return this.#data(type, content as unknown as DataContent);
      case "update_display_data":
        return this.#update(content as unknown as DataContent);
      case "error": {
        const { ename, evalue, traceback } = content as unknown as ErrorOutput;
        return this.#add({ output_type: "error", ename, evalue, traceback });
      }
      case "clear_output":
        if (content.wait === true) this.#clearNext = true;
        else this.#clear();
    }
  }

  #stream({ name, text }: { name: string; text: string }): void {
    const last = this.#clearNext ? undefined : this.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else this.#add({ output_type: "stream", name, text });
  }

  #data(type: DataOutput["output_type"], content: DataContent): void {
    const output: DataOutput = {
      output_type: type,
      data: content.data,
      metadata: content.metadata ?? {},
      ...type === "execute_result" && { execution_count: content.execution_count ?? null },
    };
    this.#add(output);
    const id = content.transient?.display_id;
    if (id !== undefined) this.displays.set(id, [...this.displays.get(id) ?? [], output]);
  }

  #update({ data, metadata = {}, transient }: DataContent): void {
    for (const output of this.displays.get(transient?.display_id ?? "") ?? []) {
      Object.assign(output, { data, metadata });
    }
  }

  #add(output: Output): void {
    if (this.#clearNext) this.#clear();
    this.outputs.push(output);
  }

  #clear(): void {
    this.outputs.length = 0;
    this.#clearNext = false;
  }
}

interface DataContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly execution_count?: number;
  readonly transient?: { readonly display_id?: string };
}

/** Errors of cells, as they are told: with what to do, and the lines that were written. */

import { SourceMap } from "node:module";
import { adviceOnError } from "./advice.ts";

/** Tells errors of the cells of one kernel. */
export class ToldErrors {
  readonly #maps = new Map<number, SourceMap>();

  /** Cells run in the folder `cwd`. */
  constructor(readonly cwd: string) {}

  /** Takes the map of a cell whose lines did not stay. */
  map(cell: number, map: string): void {
    this.#maps.set(cell, new SourceMap(JSON.parse(map)));
  }

  /** The content of an error with the lines that were written, and with what to do. */
  told(content: Record<string, unknown>): Record<string, unknown> {
    const next = adviceOnError(String(content.evalue), this.cwd);
    const lines = content.traceback as string[];
    if (next === undefined && this.#maps.size === 0) return content;
    const advised = next === undefined ? lines : [...lines, `next: ${next}`];
    return { ...content, traceback: advised.map((line) => this.#placed(line)) };
  }

  #placed(text: string): string {
    return text.replaceAll(/\bIn\[(\d+)\]:(\d+):(\d+)/g, (place, cell, line, column) => {
      const entry = this.#maps.get(Number(cell))?.findEntry(Number(line) - 1, Number(column) - 1);
      return entry === undefined || !("originalLine" in entry)
        ? place
        : `In[${cell}]:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  }
}

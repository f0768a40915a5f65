/** A terminal that exists in memory: knows the few codes that the views use. */

import type { Sink } from "../../src/terminal/mod.ts";

/** What a user would see after what was written so far. */
export class Screen implements Sink {
  readonly #rows: string[] = [""];
  #row = 0;
  #column = 0;
  /** How often something was written. */
  writes = 0;

  constructor(readonly columns: number, readonly rows = 24) {}

  size() {
    return { columns: this.columns, rows: this.rows };
  }

  write(text: string): void {
    this.writes++;
    // deno-lint-ignore no-control-regex -- terminal codes are control characters
    for (const [part] of text.matchAll(/\x1b\[[\d;]*[A-Za-z]|[^]/gu)) {
      if (part.startsWith("\x1b[")) this.#control(part.at(-1)!, Number(part.slice(2, -1)) || 1);
      else if (part === "\n") this.#lineFeed();
      else if (part === "\r") this.#column = 0;
      else this.#put(part);
    }
  }

  /** The lines on the screen, without blanks at their ends. */
  get lines(): string[] {
    const lines = this.#rows.map((line) => line.trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  #put(character: string): void {
    if (this.#column === this.columns) this.#lineFeed();
    const line = [...this.#rows[this.#row].padEnd(this.#column)];
    line[this.#column++] = character;
    this.#rows[this.#row] = line.join("");
  }

  #lineFeed(): void {
    this.#row++;
    this.#column = 0;
    if (this.#row === this.#rows.length) this.#rows.push("");
  }

  #control(code: string, count: number): void {
    if (code === "A") this.#row = Math.max(0, this.#row - count);
    if (code === "K") this.#rows[this.#row] = this.#rows[this.#row].slice(0, this.#column);
    if (code === "J") {
      this.#control("K", 1);
      this.#rows.length = this.#row + 1;
    }
  }
}

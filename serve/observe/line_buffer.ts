/** Lines on their way out, many in one write: one for each request would cost as much as its answer. */

/** Milliseconds that a line waits at most. */
const WAIT = 50;

/** Characters that are written without waiting that long: a pipe takes as many bytes whole, whoever else writes. */
const FULL = 4096;

const encoder = new TextEncoder();

/** Collects lines for a stream. */
export class LineBuffer {
  #text = "";
  #timer?: ReturnType<typeof setTimeout>;

  /** Takes the stream; what it did not take of some bytes is given to it again. */
  constructor(private readonly stream: { writeSync(bytes: Uint8Array): number }) {}

  /** Adds a line that ends with its newline; `urgent` writes it and all before it at once. */
  write(line: string, urgent: boolean): void {
    if (this.#text.length + line.length > FULL) this.flush();
    this.#text += line;
    if (urgent) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WAIT);
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let rest = encoder.encode(this.#text);
    this.#text = "";
    while (rest.length > 0) rest = rest.subarray(this.stream.writeSync(rest));
  }
}

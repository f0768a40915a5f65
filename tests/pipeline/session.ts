/** A command that runs on while a test watches what it writes. */

import { within } from "../wait_until.ts";

/** A running command, read as it writes. */
export class Session implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #readers: Promise<void>[];
  #heard = Promise.withResolvers<void>();
  #from = 0;
  /** All that was written so far, to both streams in the order in which it came. */
  text = "";

  constructor(command: Deno.Command) {
    this.#child = command.spawn();
    this.#readers = [this.#read(this.#child.stdout), this.#read(this.#child.stderr)];
  }

  /** What is written after the last text waited for, up to and with `text`. */
  async until(text: string): Promise<string> {
    let ended = false;
    const end = this.#child.status.then(() => ended = true);
    for (;;) {
      const found = this.text.indexOf(text, this.#from);
      if (found >= 0) {
        const passage = this.text.slice(this.#from, found + text.length);
        this.#from = found + text.length;
        return passage;
      }
      if (ended) throw new Error(`The command ended without "${text}":\n${this.text}`);
      await within(Promise.race([this.#heard.promise, end]), `"${text}" is told`).catch((error) => {
        throw new Error(`${error.message}; told so far:\n${this.text}`);
      });
    }
  }

  /** Sends a signal and waits for the end. */
  async end(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    return await this.ended();
  }

  /** Waits for the end. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await Promise.all(this.#readers);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await Promise.all(this.#readers);
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      this.text += part;
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    }
  }
}

/** An output that changes in place. */

import { kernel, type Media } from "./view.ts";

/** Least time between two updates, in milliseconds: a reader sees no more. */
const EVERY = 100;

/** One output of a cell that is drawn again when there is news. */
export class LiveOutput {
  readonly #id = crypto.randomUUID();
  #sent: Promise<void> = Promise.resolve();
  #shown = false;
  #drawnAt = -Infinity;

  /** Draws the output, unless it was drawn just now; `last` draws it in any case. */
  draw(media: () => Media, last = false): void {
    const now = performance.now();
    if (!last && now - this.#drawnAt < EVERY) return;
    this.#drawnAt = now;
    const jupyter = kernel();
    if (jupyter === undefined) {
      // deno-lint-ignore no-console -- the console is where text belongs without a notebook
      if (last) console.log(media()["text/plain"]);
      return;
    }
    const type = this.#shown ? "update_display_data" : "display_data";
    this.#shown = true;
    const content = { data: { ...media() }, metadata: {}, transient: { display_id: this.#id } };
    // One after another: an update must not overtake what it updates.
    this.#sent = this.#sent.then(() => jupyter.broadcast(type, content));
  }

  /** Resolves when all that was drawn is on its way. */
  async settled(): Promise<void> {
    await this.#sent;
  }
}

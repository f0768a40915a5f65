/** What cells print, batched: a front end drops what comes faster than it allows. */

/** Milliseconds for which texts are gathered. */
const EVERY = 50;

/** Characters that may come at once. Jupyter's server allows 1 MB a second over three seconds. */
const BURST = 2_000_000;

/** Characters a second after that. */
const RATE = 800_000;

/** Characters of one message at most. */
const LARGEST = 200_000;

interface Text {
  readonly name: string;
  readonly owner: number;
  text: string;
}

/** Gathers texts, and publishes them in their order, with what comes in between. */
export class StreamBatcher {
  #items: (Text | (() => void))[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> | undefined;
  #allowance = BURST;
  #refilled = performance.now();

  constructor(readonly publish: (name: string, text: string, owner: number) => void) {}

  /** Takes a text of an execution. */
  add(name: string, text: string, owner: number): void {
    const last = this.#items.at(-1);
    if (typeof last === "object" && last.name === name && last.owner === owner) last.text += text;
    else this.#items.push({ name, owner, text });
    this.#timer ??= setTimeout(() => this.flush(), EVERY);
  }

  /** Does something after all texts that were taken so far are published. */
  after(work: () => void): void {
    if (this.#items.length === 0 && this.#flushing === undefined) return work();
    this.#items.push(work);
    this.flush();
  }

  /** Publishes all that was taken; resolves when that is done. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing ??= this.#send().finally(() => this.#flushing = undefined);
    await this.#flushing;
  }

  async #send(): Promise<void> {
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
      if (typeof item === "function") {
        item();
        continue;
      }
      const { name, owner, text } = item;
      for (let from = 0; from < text.length;) {
        let to = Math.min(text.length, from + LARGEST);
        if (/[\uD800-\uDBFF]/.test(text[to - 1]) && to < text.length) to++; // both halves together
        await this.#allow(to - from);
        this.publish(name, text.slice(from, to), owner);
        from = to;
      }
    }
  }

  async #allow(size: number): Promise<void> {
    const now = performance.now();
    this.#allowance = Math.min(BURST, this.#allowance + (now - this.#refilled) * RATE / 1000);
    this.#refilled = now;
    this.#allowance -= size;
    if (this.#allowance >= 0) return;
    await new Promise((resolve) => setTimeout(resolve, -this.#allowance * 1000 / RATE));
  }
}

/** How far a long cell is. */

import { html } from "../base/mod.ts";
import { LiveOutput } from "./live.ts";
import type { Media } from "./view.ts";

/** Characters of the bar in text. */
const WIDTH = 24;

/** A bar that moves in place. */
export interface ProgressBar extends AsyncDisposable {
  /** Moves the bar to a share in [0, 1], with a word on what is under way. */
  at(done: number, label?: string): void;
  /** Fills the bar and waits until it is drawn. */
  end(label?: string): Promise<void>;
}

/**
 * Starts a bar below the cell, which moves in place. Disposing of it leaves it where
 * it is. Outside of a notebook the console prints where it ended.
 *
 * @example
 * ```ts ignore
 * const bar = progress("Fitting");
 * const model = await learner.fit(X, y, { classes: 3, seed: 1, onProgress: (done) => bar.at(done) });
 * await bar.end();
 * ```
 */
export function progress(title: string): ProgressBar {
  const output = new LiveOutput();
  let [done, label] = [0, ""];
  const media = () => barMedia(title, done, label);
  output.draw(media);
  return {
    at(share, word = label) {
      [done, label] = [Math.min(1, Math.max(0, share)), word];
      output.draw(media);
    },
    async end(word = "done") {
      [done, label] = [1, word];
      output.draw(media, true);
      await output.settled();
    },
    async [Symbol.asyncDispose]() {
      if (done < 1) output.draw(media, true);
      await output.settled();
    },
  };
}

function barMedia(title: string, done: number, label: string): Media {
  const share = `${Math.floor(100 * done)} %`;
  const full = Math.round(WIDTH * done);
  const text = `${title} ${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${share} ${label}`;
  return { "text/plain": text.trimEnd(), "text/html": barHtml(title, done, `${share} ${label}`) };
}

/** A bar as markup, with words before and after it. */
export function barHtml(title: string, done: number, words: string): string {
  const track = "display:inline-block;width:16em;height:.7em;border-radius:.35em;" +
    "background:rgba(128,128,128,.25);vertical-align:baseline;overflow:hidden";
  const fill = `display:block;height:100%;width:${(100 * done).toFixed(1)}%;background:#3b76c4`;
  return html`<div>${title} <span style="${track}"><span style="${fill}"></span></span> ${words}</div>`
    .text;
}

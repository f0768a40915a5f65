/** What cells show: as a page, a drawing or text, whichever the reader can. */

/** One output in several forms, by media type; a reader takes the richest it knows. */
export interface Media {
  /** For terminals, and for readers of the raw file. */
  readonly "text/plain": string;
  /** Markup. */
  readonly "text/html"?: string;
  /** Prose. */
  readonly "text/markdown"?: string;
  /** A still drawing, if plotly does not run. */
  readonly "image/svg+xml"?: string;
  /** A table whose rows a kernel has. */
  readonly "application/vnd.dinoflow.table+json"?: object;
  /** A control that runs cells again. */
  readonly "application/vnd.dinoflow.control+json"?: object;
  /** A plotly figure. */
  readonly "application/vnd.plotly.v1+json"?: object;
}

/** Bytes of one output at most: larger ones can break the kernel's stream of messages. */
export const largestOutput = 1_000_000;

/**
 * Something to show. As the last line of a cell, a notebook draws it; outside of a
 * notebook the console prints its text. Forms that would make the output larger than
 * a megabyte are left out, the largest first, and the text says so.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const view = new View({ "text/plain": "42", "text/html": "<b>42</b>" });
 * assertEquals(String(view), "42");
 * ```
 */
export class View {
  /** Its forms. */
  readonly media: Media;

  /** Takes the forms. */
  constructor(media: Media) {
    this.media = bounded(media);
  }

  /** What a kernel shows. */
  [Symbol.for("Jupyter.display")](): Media {
    return this.media;
  }

  /** What the console shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.media["text/plain"];
  }

  /** Its text. */
  toString(): string {
    return this.media["text/plain"];
  }
}

/** The kernel that runs this code; undefined outside of a notebook. */
export function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined; // reading it throws where there is no kernel
  }
}

/** Shows views in the middle of a cell; outside of a notebook the console prints their text. */
export async function display(...views: readonly View[]): Promise<void> {
  const jupyter = kernel();
  for (const view of views) {
    // deno-lint-ignore no-console -- the console is where text belongs without a notebook
    if (jupyter === undefined) console.log(view.media["text/plain"]);
    else await jupyter.broadcast("display_data", { data: { ...view.media }, metadata: {} });
  }
}

/** Prose with what a cell has found: Markdown in a notebook, as it is written elsewhere. */
export function markdown(text: string): View {
  return new View({ "text/plain": text, "text/markdown": text });
}

function bounded(media: Media): Media {
  let kept = media;
  const size = (form: unknown) => JSON.stringify(form).length;
  while (size(kept) > largestOutput) {
    const { "text/plain": text, ...forms } = kept;
    const largest = Object.entries(forms).sort((a, b) => size(b[1]) - size(a[1]))[0];
    if (largest === undefined) {
      return { "text/plain": `${text.slice(0, largestOutput / 4)}\n… cut at 1 MB` };
    }
    const { [largest[0] as keyof typeof forms]: _, ...rest } = forms;
    const note = `(${largest[0]} left out: ${(size(largest[1]) / 1e6).toFixed(1)} MB)`;
    kept = { ...rest, "text/plain": `${text}\n${note}` };
  }
  return kept;
}

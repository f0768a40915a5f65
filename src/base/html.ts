/** HTML text in which everything that was not written as markup is escaped. */

/** Markup that is safe to put into a page as it is. */
export class Html {
  /** Takes markup; whoever calls it vouches for it. */
  constructor(readonly text: string) {}
}

/** What {@link html} takes between its markup. */
export type HtmlPart = Html | string | number | readonly HtmlPart[];

/**
 * Builds markup from a template; strings put into it are escaped, markup and
 * lists of markup are not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(html`<b>${"1 < 2"}</b>`.text, "<b>1 &lt; 2</b>");
 * ```
 */
export function html(markup: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(markup.reduce((text, piece, i) => text + render(parts[i - 1]) + piece));
}

function render(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  return String(part).replaceAll(/[&<>"']/g, (character) => entities[character]);
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** JSON that can stand inside a `<script>` element without ending it. */
export function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

/** A page that holds all it needs: it opens from a folder, without a network. */
export function htmlPage(
  title: string,
  style: string,
  body: HtmlPart,
  head: HtmlPart = [],
): string {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        ${head}<meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${new Html(style)}</style>
      </head>
      <body>
    ${body}
      </body>
    </html>
  `.text.trimStart();
}

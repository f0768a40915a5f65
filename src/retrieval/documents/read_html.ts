/** HTML as blocks with their headings; what a browser does not show is left out. */

import sanitizeHtml from "sanitize-html";
import { decodeText, visibleText } from "./decode_text.ts";
import type { DocumentBlock, DocumentText } from "./document.ts";

const headingTags = ["h1", "h2", "h3", "h4", "h5", "h6"];
const blockTags = [
  ...["p", "li", "tr", "pre", "blockquote", "div", "section", "article", "main", "table", "ul"],
  ...["ol", "dl", "dt", "dd", "figcaption", "caption", "header", "footer", "aside", "form"],
];
const cellTags = ["td", "th"];
const notShown = ["script", "style", "template", "noscript", "textarea", "option", "svg", "nav"];
const hidden =
  /(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]))/i;

/** Reads HTML; the title is that of its head, else its first heading of level 1. */
export function readHtml(content: Uint8Array<ArrayBuffer>, source: string): DocumentText {
  const html = decodeText(content, source);
  let title = titleOf(html);
  const plain = sanitizeHtml(html, {
    allowedTags: [...headingTags, ...blockTags, ...cellTags, "br"],
    allowedAttributes: {},
    nonTextTags: [...notShown, "title"],
    exclusiveFilter: ({ attribs }) =>
      "hidden" in attribs || attribs["aria-hidden"] === "true" || hidden.test(attribs.style ?? ""),
  });
  const blocks: DocumentBlock[] = [];
  const headings: { readonly depth: number; readonly text: string }[] = [];
  let [text, depth] = ["", 0];
  const close = () => {
    const shown = visibleText(text);
    text = "";
    if (shown === "") return;
    if (depth === 0) {
      blocks.push({
        headings: headings.map((heading) => heading.text),
        from: 0,
        to: 0,
        text: shown,
      });
      return;
    }
    while (headings.length > 0 && headings.at(-1)!.depth >= depth) headings.pop();
    if (depth === 1) title ??= shown;
    if (shown !== title) headings.push({ depth, text: shown });
  };
  // What sanitize-html gives is well-formed and has no attributes.
  for (const [piece, end, tag] of plain.matchAll(/<(\/?)([a-z0-9]+)[^>]*>|[^<]+/g)) {
    if (tag === undefined) text += decoded(piece);
    else if (tag === "br") text += "\n";
    else if (cellTags.includes(tag)) text += end === "/" ? "; " : "";
    else {
      if (tag === "tr") text = text.replace(/; $/, "");
      close();
      depth = end === "" ? headingTags.indexOf(tag) + 1 : 0;
    }
  }
  close();
  return { ...title !== undefined && { title }, blocks };
}

function titleOf(html: string): string | undefined {
  const found = /<title[^>]*>([\s\S]*?)<\/title>/i.exec(html)?.[1];
  if (found === undefined) return undefined;
  const text = visibleText(decoded(sanitizeHtml(found, { allowedTags: [] }))).replaceAll("\n", " ");
  return text === "" ? undefined : text;
}

const entities: Readonly<Record<string, string>> = {
  ...{ "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&", "&nbsp;": " " },
};

/** sanitize-html decodes all entities and writes back the few that HTML needs. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|amp|nbsp);/g, (entity) => entities[entity]);
}

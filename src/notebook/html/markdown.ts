/** Prose of notebooks as markup that can do no harm. */

import hljs from "highlight.js";
import { Marked, type TokenizerAndRendererExtension } from "marked";
// @ts-types="@types/sanitize-html"
import sanitize from "sanitize-html";
import { Html, html } from "../../base/mod.ts";

/** Finds an image of a notebook as a data URL; undefined if it is not at hand. */
export type FindImage = (address: string) => Promise<string | undefined>;

/** What prose may hold: what text needs, and nothing that runs, loads or takes input. */
const rules: sanitize.IOptions = {
  allowedTags: [
    ...sanitize.defaults.allowedTags,
    ...["center", "del", "details", "font", "img", "ins", "summary"],
  ],
  allowedAttributes: {
    ...{ a: ["href", "id", "title"], img: ["src", "alt", "title", "width", "height"] },
    ...{ details: ["open"], font: ["color"], ol: ["start", "type"] },
    ...{ td: ["align", "colspan", "rowspan"], th: ["align", "colspan", "rowspan"] },
    "*": ["align"],
  },
  // What this page itself writes.
  allowedClasses: { span: ["formula", "hljs-*"], code: ["hljs"] },
  allowedSchemes: ["http", "https", "mailto"],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  parseStyleAttributes: false,
};

/**
 * Renders Markdown with the HTML in it, as Jupyter does: texts, tables, links and images
 * are shown, and what could run, load or take input is left out. Links lead to web pages,
 * mail and places on the page alone, and formulas stay as they are written.
 *
 * @param findImage Images that it does not find become links.
 */
export async function renderMarkdown(text: string, findImage: FindImage): Promise<Html> {
  const marked = new Marked({
    extensions: [formula],
    renderer: { code: ({ text, lang }) => `<pre>${highlight(text, lang ?? "").text}</pre>` },
  });
  const found = await marked.parse(text);
  const images = new Map<string, string | undefined>();
  sanitize(found, {
    ...rules,
    transformTags: {
      img: (tagName, attribs) => {
        images.set(attribs.src ?? "", undefined);
        return { tagName, attribs };
      },
    },
  });
  for (const address of images.keys()) {
    const isImage = /^data:image\//i.test(address);
    images.set(address, isImage ? address : await findImage(address));
  }
  return new Html(sanitize(found, {
    ...rules,
    transformTags: {
      img(_, { src = "", ...attribs }): sanitize.Tag {
        const image = images.get(src);
        if (image !== undefined) return { tagName: "img", attribs: { src: image, ...attribs } };
        return { tagName: "a", attribs: { href: src }, text: attribs.alt || src };
      },
    },
  }));
}

/** Code with its words told apart, as far as its language is known. */
export function highlight(code: string, language: string): Html {
  const name = language.trim().split(/\s/)[0];
  const text = hljs.getLanguage(name)
    ? hljs.highlight(code, { language: name }).value
    : html`${code}`.text;
  return html`<code>${new Html(text)}</code>`;
}

/** `$x_1$` and `$$…$$`: what Markdown would read as emphasis in them is left alone. */
const formula: TokenizerAndRendererExtension = {
  name: "formula",
  level: "inline",
  start: (text) => text.indexOf("$"),
  tokenizer(text) {
    const found = /^\$\$[^$]+\$\$|^\$(?!\s)(?:\\.|[^\\$\n])+(?<!\s)\$(?!\d)/.exec(text);
    return found === null ? undefined : { type: "formula", raw: found[0] };
  },
  renderer: ({ raw }) => html`<span class="formula">${raw}</span>`.text,
};

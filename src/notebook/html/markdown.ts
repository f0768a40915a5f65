/** Prose of notebooks as markup that can do no harm. */

import hljs from "highlight.js";
import { Marked, type TokenizerAndRendererExtension, type Tokens } from "marked";
import { Html, html } from "../../report/mod.ts";

/** Finds an image of a notebook as a data URL; undefined where it is not at hand. */
export type FindImage = (address: string) => Promise<string | undefined>;

/** Tags that may stand in prose as they are, without attributes. */
const harmless =
  /^<\/?(b|br|center|code|del|details|em|hr|i|ins|kbd|mark|p|s|small|strong|sub|summary|sup|u)\s*\/?>$/i;

/**
 * Renders Markdown. Tags other than harmless ones are shown as text, links lead to web
 * pages, mail and places on the page alone, and formulas stay as they are written.
 *
 * @param findImage Images that it does not find become links.
 */
export async function renderMarkdown(text: string, findImage: FindImage): Promise<Html> {
  const marked = new Marked({
    async: true,
    extensions: [formula],
    renderer: {
      html: ({ text }) =>
        text.replaceAll(/<[^>]*>?/g, (tag) => harmless.test(tag) ? tag : html`${tag}`.text),
      code: ({ text, lang }) => `<pre>${highlight(text, lang ?? "").text}</pre>`,
      image: ({ href, text }) =>
        href.startsWith("data:image/")
          ? html`<img src="${href}" alt="${text}">`.text
          : link(href, html`${text || href}`),
      link({ href, tokens }) {
        return link(href, new Html(this.parser.parseInline(tokens)));
      },
    },
    async walkTokens(token) {
      if (token.type !== "image") return;
      const image = token as Tokens.Image;
      image.href = await findImage(image.href) ?? image.href;
    },
  });
  return new Html(await marked.parse(text));
}

/** Code with its words told apart, as far as its language is known. */
export function highlight(code: string, language: string): Html {
  const name = language.trim().split(/\s/)[0];
  const text = hljs.getLanguage(name)
    ? hljs.highlight(code, { language: name }).value
    : html`${code}`.text;
  return html`<code>${new Html(text)}</code>`;
}

/** A link where it leads somewhere harmless, else its text. */
function link(address: string, text: Html): string {
  if (!/^(https?:|mailto:|#)|^[^:]*$/i.test(address)) return text.text;
  return html`<a href="${address}">${text}</a>`.text;
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

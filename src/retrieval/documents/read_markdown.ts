/** Markdown as blocks with their headings and lines. */

import { lexer, type Token, type Tokens } from "marked";
import { parse as parseYaml } from "@std/yaml";
import { DataError } from "../../base/mod.ts";
import { decodeText, visibleText } from "./decode_text.ts";
import type { DocumentBlock, DocumentText } from "./document.ts";

/** Reads Markdown; a title in the front matter goes before the first heading of level 1. */
export function readMarkdown(content: Uint8Array<ArrayBuffer>, source: string): DocumentText {
  const { title, body, line: first } = frontMatter(
    decodeText(content, source).replaceAll(/\r\n?/g, "\n"),
    source,
  );
  const blocks: DocumentBlock[] = [];
  const headings: { readonly depth: number; readonly text: string }[] = [];
  let [line, top] = [first, title];
  for (const token of lexer(body)) {
    const from = line;
    const breaks = token.raw.split("\n").length - 1;
    line += breaks;
    if (token.type === "heading") {
      const { depth, tokens } = token as Tokens.Heading;
      const text = visibleText(inlineText(tokens));
      while (headings.length > 0 && headings.at(-1)!.depth >= depth) headings.pop();
      if (depth === 1 && top === undefined) top = text;
      if (text !== top) headings.push({ depth, text });
      continue;
    }
    const text = visibleText(blockText(token));
    if (text === "") continue;
    const lines = token.raw.trimEnd().split("\n").length;
    blocks.push({
      headings: headings.map((heading) => heading.text),
      ...{ unit: "line" as const, from, to: from + lines - 1, text },
    });
  }
  return { ...top !== undefined && { title: top }, blocks };
}

/** What stands between the lines `---` at the top, of which the title counts. */
function frontMatter(text: string, source: string): { title?: string; body: string; line: number } {
  const found = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(text);
  if (found === null) return { body: text, line: 1 };
  const [whole, inner] = found;
  let fields: unknown;
  try {
    fields = parseYaml(inner);
  } catch (cause) {
    throw new DataError(`Cannot read ${source}: its front matter is no YAML`, {
      cause,
      next: `correct what stands between the lines ---: ${(cause as Error).message.split("\n")[0]}`,
    });
  }
  const title = (fields as { title?: unknown } | null)?.title;
  return {
    ...typeof title === "string" && title.trim() !== "" && { title: title.trim() },
    body: text.slice(whole.length),
    line: whole.split("\n").length,
  };
}

function blockText(token: Token): string {
  switch (token.type) {
    case "list":
      return listText(token as Tokens.List, "");
    case "table":
      return tableText(token as Tokens.Table);
    case "blockquote":
      return (token.tokens ?? []).map(blockText).filter((text) => text !== "").join("\n");
    case "code":
      return (token as Tokens.Code).text;
    case "space":
    case "hr":
    case "html":
    case "def":
      return "";
    default:
      return "tokens" in token && token.tokens !== undefined
        ? inlineText(token.tokens)
        : "text" in token
        ? String(token.text)
        : "";
  }
}

function listText({ items, ordered, start }: Tokens.List, indent: string): string {
  return items.map((item, i) => {
    const own: string[] = [];
    const nested: string[] = [];
    for (const token of item.tokens) {
      if (token.type === "list") nested.push(listText(token as Tokens.List, `${indent}- `));
      else own.push(blockText(token));
    }
    const mark = ordered ? `${Number(start || 1) + i}. ` : "- ";
    return [`${indent}${mark}${own.join(" ").trim()}`, ...nested].join("\n");
  }).join("\n");
}

/** A row names each of its cells by the column's head, so that a row alone can be understood. */
function tableText({ header, rows }: Tokens.Table): string {
  const heads = header.map(({ tokens }) => inlineText(tokens).trim());
  return rows.map((row) =>
    row.map(({ tokens }, i) => {
      const text = inlineText(tokens).trim();
      return heads[i] === "" ? text : `${heads[i]}: ${text}`;
    }).join("; ")
  ).join("\n");
}

function inlineText(tokens: readonly Token[] = []): string {
  return tokens.map((token): string => {
    if (token.type === "br") return "\n";
    if (token.type === "html") return "";
    if (token.type === "image") return String(token.text ?? "");
    if ("tokens" in token && token.tokens !== undefined) return inlineText(token.tokens);
    return "text" in token ? String(token.text) : "";
  }).join("");
}

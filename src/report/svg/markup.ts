/** SVG elements as text. */

/** Attributes of an element; undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its content, which is markup already. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      ` ${key}="${typeof value === "number" ? pixels(value) : escaped(value!)}"`
    ).join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A number with one decimal: a tenth of a pixel cannot be seen. */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text in which nothing is markup. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Plotly's text, which may hold tags and entities, as plain lines. */
export function linesOf(text: string): string[] {
  return text.split(/<br\s*\/?>/).map((line) =>
    line.replaceAll(/<\/?[a-z][^>]*>/gi, "")
      .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")
  );
}

/** Lines of text, the first at `y`, the others below. */
export function textLines(
  text: string,
  x: number,
  y: number,
  attributes: Attributes = {},
): string {
  return linesOf(text).map((line, i) =>
    element("text", { x, y: y + 14 * i, ...attributes }, escaped(line))
  ).join("");
}

/** About how wide a line is drawn, in pixels. */
export function widthOf(text: string, size = 12): number {
  return 0.56 * size * Math.max(...linesOf(text).map((line) => line.length));
}

/** The dashes of plotly's names for them. */
export function dashes(dash: string | undefined): string | undefined {
  return dash === "dot" ? "2 3" : dash === "dash" ? "6 4" : undefined;
}

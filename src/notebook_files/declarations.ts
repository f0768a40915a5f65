/** What a notebook's cell of parameters declares, and how a word of a command line becomes a value. */

import { nearestName, parsedJson, UsageError } from "../base/mod.ts";
import type { JsonValue } from "./document.ts";

/** What values a parameter takes; `any` if neither its type nor its default tells. */
export type ParameterKind = "text" | "number" | "boolean" | "bigint" | "json" | "any";

/** A parameter as its cell declares it. */
export interface DeclaredParameter {
  /** `const`, `let` or `var`. */
  readonly keyword: string;
  /** What values it takes. */
  readonly kind: ParameterKind;
  /** The texts that its type allows, if it lists them. */
  readonly choices?: readonly string[];
}

/**
 * The variables that a cell declares at its top, several in one declaration included.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const found = declaredParameters('let id: string, rows = 10;\nconst when = "now"');
 * assertEquals(found.get("rows"), { keyword: "let", kind: "number" });
 * assertEquals([...found.keys()], ["id", "rows", "when"]);
 * ```
 */
export function declaredParameters(source: string): Map<string, DeclaredParameter> {
  const found = new Map<string, DeclaredParameter>();
  const outline = blankTexts(source);
  for (const { 0: head, 1: keyword, index } of outline.matchAll(/^(const|let|var)\s/gm)) {
    for (const [from, to] of declarators(outline, index + head.length)) {
      const shape = /^\s*([A-Za-z_$][\w$]*)\s*!?(?::([^=]*(?:=>[^=]*)*))?(?:=([\s\S]*))?$/d
        .exec(outline.slice(from, to));
      if (shape === null) continue;
      const [, name, type, initial] = shape;
      const place = shape.indices?.[2];
      const choices = place && choicesOf(source.slice(from + place[0], from + place[1]));
      found.set(name, {
        ...{ keyword, kind: kindOf(type?.trim() ?? "", initial?.trim() ?? "") },
        ...choices && { choices },
      });
    }
  }
  return found;
}

/**
 * The value that `text` stands for.
 *
 * @throws {UsageError} if it is none that the parameter takes, or a number that would
 * lose digits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parameterValue("version", "1.10", "text"), "1.10");
 * assertEquals(parameterValue("rows", "1e3", "number"), 1000);
 * ```
 */
export function parameterValue(
  name: string,
  text: string,
  kind: ParameterKind,
  choices?: readonly string[],
): JsonValue | bigint {
  if (choices !== undefined && !choices.includes(text)) {
    const near = nearestName(text, choices);
    throw new UsageError(`Cannot set the parameter "${name}" to "${text}"`, {
      next: near ? `did you mean "${near}"?` : `give one of ${choices.join(", ")}`,
    });
  }
  const word = text.trim();
  switch (kind) {
    case "text":
      return text;
    case "number": {
      const value = Number(word);
      if (word === "" || !Number.isFinite(value)) throw mismatch(name, text, "a number");
      if (/^[+-]?\d+$/.test(word) && !Number.isSafeInteger(value)) {
        throw new UsageError(
          `Cannot set the parameter "${name}" to ${word}: a number holds 15 digits exactly`,
          { next: "declare it as text or as bigint" },
        );
      }
      return value;
    }
    case "boolean":
      if (word === "true" || word === "false") return word === "true";
      throw mismatch(name, text, "true or false");
    case "bigint":
      if (/^[+-]?\d+$/.test(word)) return BigInt(word);
      throw mismatch(name, text, "a whole number");
    case "json": {
      const value = parsedJson(text) as JsonValue | undefined;
      if (value !== undefined) return value;
      throw mismatch(name, text, "JSON");
    }
    case "any": {
      // A text that would read back as another one, as 1.10, is left a text.
      const value = parsedJson(text) as JsonValue | undefined;
      const same = typeof value !== "number" || String(value) === word;
      return value !== undefined && same ? value : text;
    }
  }
}

/** What values a declaration's type or, without one, its first value allows. */
function kindOf(type: string, initial: string): ParameterKind {
  if (type !== "") {
    if (/[[{<(]/.test(type)) return "json";
    const kinds: readonly ParameterKind[] = ["number", "boolean", "bigint"];
    const members = type.split("|").map((member) => member.trim())
      .filter((member) => !/^(null|undefined|)$/.test(member));
    if (members.some((member) => /^(string$|["'`])/.test(member))) return "text";
    if (members.every((member) => /^(number|[\d.]+)$/.test(member))) return "number";
    return kinds.find((kind) => members.every((member) => member === kind)) ?? "any";
  }
  if (/^["'`]/.test(initial)) return "text";
  if (/^[+-]?\d[\d_]*n$/.test(initial)) return "bigint";
  if (/^[+-]?\.?\d/.test(initial)) return "number";
  if (/^(true|false)\b/.test(initial)) return "boolean";
  return /^[[{]/.test(initial) ? "json" : "any";
}

/** The texts of a type that is nothing but texts, as `"fast" | "slow"`. */
function choicesOf(type: string): string[] | undefined {
  const members = type.split("|").map((member) => member.trim()).filter((member) => member !== "");
  const texts = members.map((member) => /^(["'])([^"'\\]*)\1$/.exec(member)?.[2]);
  return texts.every((text) => text !== undefined) && texts.length > 0 ? texts : undefined;
}

function mismatch(name: string, text: string, wanted: string): UsageError {
  return new UsageError(`Cannot set the parameter "${name}" to "${text}": it takes ${wanted}`, {
    next: `write --param ${name}=… with ${wanted}`,
  });
}

/** The pieces between the commas of a declaration that starts at `start`. */
function declarators(outline: string, start: number): [number, number][] {
  const pieces: [number, number][] = [];
  let [from, depth, angles, typed] = [start, 0, 0, false];
  let at = start;
  for (; at < outline.length; at++) {
    const letter = outline[at];
    if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    else if (depth > 0) continue;
    else if (letter === ":") typed = true;
    else if (letter === "=" && outline[at + 1] !== ">") typed = false;
    else if (typed && letter === "<") angles++;
    else if (typed && letter === ">" && outline[at - 1] !== "=") angles--;
    else if (letter === "," && angles === 0) {
      pieces.push([from, at]);
      [from, typed] = [at + 1, false];
    } else if (letter === ";" || letter === "\n" && ends(outline, from, at)) break;
    if (depth < 0) break;
  }
  pieces.push([from, at]);
  return pieces;
}

/** Whether a declaration ends with its line: neither this one nor the next asks for more. */
function ends(outline: string, from: number, at: number): boolean {
  const before = outline.slice(from, at).trimEnd();
  return before !== "" && !/[,=+\-*/.?:&|<]$/.test(before) &&
    !/^\s*[,=+\-*/.?:&|<]/.test(outline.slice(at));
}

/** The source with the insides of texts and comments as blanks, each letter in its place. */
function blankTexts(source: string): string {
  const texts =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return source.replaceAll(texts, (text) => {
    const inside = text.slice(1, -1).replaceAll(/[^\n]/g, " ");
    return text.startsWith("/")
      ? ` ${inside} `
      : `${text[0]}${inside.replaceAll("\n", " ")}${text[0]}`;
  });
}

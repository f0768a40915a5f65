/** Texts in a declared form, whose parts are whole numbers: matched, taken apart, written again. */

/** A number within the text. */
export interface PatternPart {
  /** What one of it counts, 1 or more; parts come with falling weights. */
  readonly weight: number;
  /**
   * Which digits it may have, as a regular expression of digits alone, as
   * `[0-9]{1,3}` or `([0-9]|1[01])`.
   */
  readonly digits: string;
}

/** The form of the texts of a column. */
export interface TextPattern {
  /**
   * The form, with `{}` for each part and square brackets around what may be
   * left out, as `{} Year[s] and {} Month[s]`. Each `{}` stands alone between
   * blanks, or between other separators.
   */
  readonly format: string;
  /** The parts, in their order in the text. */
  readonly parts: readonly PatternPart[];
  /** What stands around each part; a blank unless it is set. */
  readonly separator?: string;
  /** A text of that form, for messages and documentation. */
  readonly example: string;
}

const part = "{}";

/** How texts of the pattern are matched, taken apart and written. */
export function patternOf({ format, parts, separator = " " }: TextPattern): {
  /** The form as a regular expression, in the syntax that JavaScript and RE2 share. */
  readonly regex: string;
  /** What takes a text apart into words. */
  readonly separator: string;
  /** Index of each part among the words. */
  readonly words: readonly number[];
  /** A text of the pattern whose sum is 0. */
  readonly zero: string;
  /** From a text to its sum, NaN if it has another form. */
  readonly parse: (text: string) => number;
  /** From a sum to its text, which `parse` reads as that sum. */
  readonly write: (sum: number) => string;
} {
  const plain = format.replaceAll(/\[([^\]]*)\]/g, "$1");
  let at = 0;
  const regex = format.split(/(\{\}|\[[^\]]*\])/).map((piece) => {
    if (piece === part) return alone(parts[at++].digits);
    if (!piece.startsWith("[")) return escaped(piece);
    const optional = escaped(piece.slice(1, -1));
    return piece.length === 3 ? `${optional}?` : `(?:${optional})?`;
  }).join("");
  const words = plain.split(separator).flatMap((word, index) => word === part ? [index] : []);
  const matcher = new RegExp(`^(?:${regex})$`);
  const write = (sum: number) => {
    let left = sum;
    let place = 0;
    return plain.replaceAll(part, () => {
      const { weight } = parts[place++];
      const count = Math.floor(left / weight);
      left -= count * weight;
      return String(count);
    });
  };
  return {
    regex,
    separator,
    words,
    zero: write(0),
    parse(text) {
      if (!matcher.test(text)) return NaN;
      const found = text.split(separator);
      return words.reduce((sum, word, k) => sum + Number(found[word]) * parts[k].weight, 0);
    },
    write,
  };
}

/** Alternatives in brackets, so that they end where the part does. */
function alone(digits: string): string {
  return digits.includes("|") && !/^\([^()]*\)$/.test(digits) ? `(${digits})` : digits;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** A regular expression that matches digits only. */
const digitsOnly = /^(?:\[(?:[0-9](?:-[0-9])?)+\]|[0-9()|?]|\{[0-9]+(?:,[0-9]+)?\})+$/;

/** Part values that are looked at; more digits than its length has no part. */
const MOST = 10_000;

export function checkPattern(spec: TextPattern): string | undefined {
  const { format, parts, separator = " ", example } = spec;
  if (parts.length === 0) return "there is no part";
  if (separator === "") return "the separator is empty";
  if (format.split(part).length - 1 !== parts.length) {
    return `it has ${format.split(part).length - 1} places "{}" for ${parts.length} parts`;
  }
  if (/\[[^\]]*[0-9{[]|[0-9]/.test(format.replaceAll(part, ""))) {
    return "digits stand beside the parts, or brackets in brackets";
  }
  if ([...format.matchAll(/\[([^\]]*)\]/g)].some(([, text]) => text.includes(separator))) {
    return "what may be left out holds the separator";
  }
  for (const [k, { weight, digits }] of parts.entries()) {
    if (!(Number.isInteger(weight) && weight >= 1)) return `weight ${weight} is no whole number`;
    if (k > 0 && weight >= parts[k - 1].weight) return "weights do not fall";
    if (!digitsOnly.test(digits)) return `digits "${digits}" may match something else`;
    const matcher = new RegExp(`^(?:${digits})$`);
    if (matcher.test("")) return `digits "${digits}" match nothing too`;
    // So that each sum has one text, which is needed to write it again.
    const limit = k === 0 ? 1 : parts[k - 1].weight / weight;
    if (k > 0 && (!Number.isInteger(limit) || limit > MOST)) {
      return `weight ${weight} does not divide ${parts[k - 1].weight} into at most ${MOST}`;
    }
    for (let count = 0; count < limit; count++) {
      if (!matcher.test(String(count))) return `digits "${digits}" do not match ${count}`;
    }
    for (let count = limit; k > 0 && count < MOST; count++) {
      if (matcher.test(String(count))) {
        return `digits "${digits}" match ${count}, which is ${limit} or more`;
      }
    }
    if (/\{(?:[0-9]+,)?(?:[5-9]|[0-9]{2,})\}/.test(digits)) {
      return `digits "${digits}" are more than four`;
    }
  }
  const { words, parse } = patternOf(spec);
  if (words.length !== parts.length) return `its parts do not stand alone between "${separator}"`;
  if (Number.isNaN(parse(example))) return `the example "${example}" has another form`;
}

/**
 * A strict pass over the bytes of a CSV file before it is read. Polars fills
 * short rows, cuts long ones and splits fields at stray quotes without a word;
 * this pass finds each of them and names the line.
 */

import { parse } from "@std/csv";
import { DataError } from "../base/mod.ts";

/** What a scan learned of a well-formed file. */
export interface CsvLayout {
  /** The byte between fields, as text: `,`, `;`, `|` or a tab. */
  readonly separator: string;
  /** Column names in the order of the file. */
  readonly names: readonly string[];
  /** Number of rows after the header, blank lines at the end left out. */
  readonly rows: number;
}

/** Of so many columns of one name an error tells the places. */
const MOST_PLACES = 5;

const QUOTE = 34, LINE_FEED = 10, RETURN = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Checks the whole content of a CSV file against RFC 4180 (LF line ends
 * allowed) and counts its rows.
 *
 * @param path Name of the file, for messages.
 * @throws {DataError} if the file is empty, has a header only, two columns of
 * one name, a row of another length, a NUL byte, or quotes that do not match.
 */
export function scanCsv(path: string, content: Uint8Array): CsvLayout {
  const marked = BYTE_ORDER_MARK.every((byte, i) => content[i] === byte);
  const bytes = marked ? content.subarray(BYTE_ORDER_MARK.length) : content;
  const nothing = bytes.indexOf(0);
  if (nothing >= 0) {
    const line = bytes.subarray(0, nothing).reduce(
      (sum, byte) => sum + Number(byte === LINE_FEED),
      1,
    );
    throw new DataError(`Cannot read ${path}: line ${line} holds a NUL byte, which no text does`, {
      next: "save it as UTF-8 text; UTF-16 has one in every letter",
    });
  }
  const { separator, names } = readHeader(path, bytes);
  const rows = new RecordCounter(path, separator, names).count(bytes) - 1;
  if (rows < 1) {
    throw new DataError(
      `Cannot read ${path}: it has a header of ${names.length} columns and no rows`,
      { next: "add at least one row of data below the header" },
    );
  }
  return { separator, names, rows };
}

function readHeader(path: string, bytes: Uint8Array): { separator: string; names: string[] } {
  let end = 0;
  const found = new Map([[44, 0], [59, 0], [9, 0], [124, 0]]);
  for (let quoted = false; end < bytes.length; end++) {
    const byte = bytes[end];
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === LINE_FEED) break;
    else if (found.has(byte)) found.set(byte, found.get(byte)! + 1);
  }
  const line = new TextDecoder().decode(bytes.subarray(0, end)).replace(/\r$/, "");
  if (end === bytes.length && line.includes("\r")) {
    throw new DataError(`Cannot read ${path}: its lines end with a carriage return alone`, {
      next: "save it with the line ends of Unix or Windows",
    });
  }
  if (line.trim() === "") {
    throw new DataError(`Cannot read ${path}: it is empty or starts with a blank line`, {
      next: "give a file whose first line holds the column names",
    });
  }
  const [separator] = [...found].reduce((best, next) => next[1] > best[1] ? next : best);
  const text = String.fromCharCode(separator);
  return { separator: text, names: namesOf(path, line, text) };
}

function namesOf(path: string, line: string, separator: string): string[] {
  let names: string[];
  try {
    [names] = parse(line, { separator });
  } catch (cause) {
    throw new DataError(`Cannot read ${path}: the quotes of its header line do not match`, {
      next: 'close each quoted name with a quote, and write a quote inside a name as ""',
      cause,
    });
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    const places = names.flatMap((name, i) => name === twice ? [i + 1] : []);
    throw new DataError(
      `Cannot read ${path}: ${places.length} columns are named "${twice}" (columns ${
        places.slice(0, MOST_PLACES).join(", ")
      }${places.length > MOST_PLACES ? ", …" : ""})`,
      { next: "give each column a name of its own" },
    );
  }
  return names;
}

/** Where the scan stands inside a field. */
enum At {
  Start,
  Plain,
  Quoted,
  /** After a quote that closes the field, or is the first half of `""`. */
  Closed,
}

/** Walks over records byte by byte; a fault throws with its line. */
class RecordCounter {
  readonly #separator: number;
  #line = 1;
  #recordLine = 1;
  #quoteLine = 1;
  #fields = 1;
  #blank = true;
  #records = 0;
  #blankRecords = 0;

  constructor(
    private readonly path: string,
    separator: string,
    private readonly names: readonly string[],
  ) {
    this.#separator = separator.charCodeAt(0);
  }

  /** Gives the number of records in `bytes`, header included. */
  count(bytes: Uint8Array): number {
    const separator = this.#separator;
    let at = At.Start;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (at === At.Quoted) {
        if (byte === QUOTE) at = At.Closed;
        else if (byte === LINE_FEED) this.#line++;
      } else if (byte === separator) {
        this.#fields++;
        at = At.Start;
      } else if (byte === LINE_FEED) {
        this.#endRecord(at);
        at = At.Start;
      } else if (byte === QUOTE) {
        at = this.#quote(at);
      } else if (byte !== RETURN) {
        if (at === At.Closed) this.#strayQuote("text after a closing quote");
        at = At.Plain;
        this.#blank = false;
      }
    }
    if (at === At.Quoted) {
      throw new DataError(
        `Cannot read ${this.path}: the quote that opens on line ${this.#quoteLine} is never closed`,
        { next: "close it, or remove it where it is not meant as a quote" },
      );
    }
    this.#endRecord(at);
    return this.#records;
  }

  #quote(at: At): At {
    if (at === At.Plain) this.#strayQuote("a quote inside an unquoted field");
    if (at === At.Start) this.#quoteLine = this.#line;
    this.#blank = false;
    return At.Quoted;
  }

  #strayQuote(what: string): never {
    throw new DataError(`Cannot read ${this.path}: line ${this.#line} has ${what}`, {
      next: 'quote the whole field and write a quote inside it as ""',
    });
  }

  #endRecord(at: At): void {
    const wanted = this.names.length;
    if (this.#blank && this.#fields === 1 && at === At.Start) {
      this.#blankRecords++;
    } else {
      // Blank lines count as rows only where something follows them.
      if (this.#blankRecords > 0 && wanted > 1) {
        this.#ragged(this.#recordLine - this.#blankRecords, "is blank");
      }
      this.#records += this.#blankRecords + 1;
      this.#blankRecords = 0;
      if (this.#fields !== wanted) {
        const fields = this.#fields === 1 ? "1 field" : `${this.#fields} fields`;
        this.#ragged(this.#recordLine, `has ${fields}`);
      }
    }
    this.#line++;
    this.#recordLine = this.#line;
    this.#fields = 1;
    this.#blank = true;
  }

  #ragged(line: number, found: string): never {
    const wanted = this.names.length;
    const separator = this.#separator === 9 ? "a tab" : `"${String.fromCharCode(this.#separator)}"`;
    throw new DataError(
      `Cannot read ${this.path}: line ${line} ${found}, the header has ${wanted} ${
        wanted === 1 ? "column" : "columns"
      }`,
      { next: `fix the line, or quote a field that holds ${separator}` },
    );
  }
}

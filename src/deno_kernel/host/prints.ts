/**
 * What is printed, in the order of all that a cell puts out. Standard output and error are
 * pipes to the kernel, so that what children and libraries write arrives as well; marks in
 * them tell where a message, another cell or the other pipe came in between.
 */

/** Prints a text as the console does. */
export type Print = (text: string, toStderr: boolean) => void;

/** What the console of the host needs of Deno's insides. */
interface Internals {
  readonly Console: new (print: (text: string, level: number) => void) => Console;
}

/**
 * A mark in both pipes, `ESC _ key;number;cell;payload ESC \\`: what follows comes after what
 * stands before it in either. The one in standard output may bear a message, in JSON, which
 * has no ESC; one that is too long for a pipe to take whole comes in pieces, `ESC _ key;+piece
 * ESC \\`, before its mark.
 */
export interface PrintMark {
  /** Counts the marks. */
  readonly number: number;
  /** The execution that what follows belongs to. */
  readonly cell: number;
  /** A message that comes before what follows. */
  readonly message?: string;
}

/** Bytes that a pipe takes whole, whoever else writes into it. */
const WHOLE = 4096;

/** What every mark begins with. */
export function markStart(key: string): string {
  return `\x1b_${key};`;
}

/** What a piece of a message begins with: a plus. */
export const PIECE = 0x2b;

/** What every mark ends with. */
export const MARK_END = "\x1b\\";

/** Takes over the console and what writes to standard output and error. */
export function takePrints(
  key: string,
  cellNow: () => number,
): { readonly print: Print; mark(message?: string): void } {
  const encoder = new TextEncoder();
  const pipes = [Deno.stdout, Deno.stderr] as const;
  const write = pipes.map((pipe) => pipe.writeSync.bind(pipe));
  const writeAll = (pipe: 0 | 1, bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += write[pipe](bytes.subarray(at));
  };
  let marks = 0;
  let [lastPipe, lastCell] = [-1, -1];

  const start = encoder.encode(markStart(key));
  const end = encoder.encode(MARK_END);
  const writeMark = (pipe: 0 | 1, content: Uint8Array) => {
    const bytes = new Uint8Array(start.length + content.length + end.length);
    bytes.set(start);
    bytes.set(content, start.length);
    bytes.set(end, start.length + content.length);
    writeAll(pipe, bytes);
  };
  const room = WHOLE - start.length - end.length - 64;
  const mark = (message = "") => {
    lastPipe = -1;
    lastCell = cellNow();
    const head = `${++marks};${lastCell};`;
    writeMark(1, encoder.encode(head));
    let rest = encoder.encode(message);
    for (; rest.length > room; rest = rest.subarray(room)) {
      const piece = new Uint8Array(room + 1);
      piece[0] = PIECE;
      piece.set(rest.subarray(0, room), 1);
      writeMark(0, piece);
    }
    const first = encoder.encode(head);
    const whole = new Uint8Array(first.length + rest.length);
    whole.set(first);
    whole.set(rest, first.length);
    writeMark(0, whole);
  };
  const writeBytes = (pipe: 0 | 1, bytes: Uint8Array) => {
    if (lastCell !== cellNow() || (lastPipe !== -1 && lastPipe !== pipe)) mark();
    lastPipe = pipe;
    writeAll(pipe, bytes);
    return bytes.length;
  };
  const print: Print = (text, toStderr) => void writeBytes(toStderr ? 1 : 0, encoder.encode(text));

  const deno = Deno as unknown as { internal: symbol } & Record<symbol, Internals>;
  const { Console } = deno[deno.internal];
  globalThis.console = new Console((text, level) => print(text, level > 1));
  for (const [i, pipe] of pipes.entries()) {
    const writeSync = (bytes: Uint8Array) => writeBytes(i as 0 | 1, bytes);
    Object.defineProperties(pipe, {
      writeSync: { value: writeSync },
      close: { value: () => {} }, // what comes after is printed, too
      write: { value: (bytes: Uint8Array) => Promise.resolve(writeSync(bytes)) },
      writable: {
        get: () => new WritableStream<Uint8Array>({ write: (bytes) => void writeSync(bytes) }),
      },
    });
  }
  return { print, mark };
}

/** Standard output and error of the process of the cells, and the messages in them, in order. */

import { MARK_END, markStart, PIECE, type PrintMark } from "./host/prints.ts";
import type { HostMessage } from "./host/messages.ts";

/** Which pipe: standard output or standard error. */
export type Pipe = 0 | 1;

/** Hears what comes, each in its turn. */
export interface StreamListener {
  /** A text of an execution. */
  text(name: "stdout" | "stderr", text: string, cell: number): void;
  message(message: HostMessage): void;
}

const names = ["stdout", "stderr"] as const;
const ESCAPE = 0x1b;
const SEMICOLON = 0x3b;

/**
 * Joins the two pipes: what stands before a mark in either comes before its message, and that
 * before what follows.
 */
export class MarkedStreams {
  readonly #pipes = [new MarkedPipe(), new MarkedPipe()] as const;

  /** Takes what tells marks from text. */
  constructor(key: string, private readonly listener: StreamListener) {
    for (const pipe of this.#pipes) pipe.start = new TextEncoder().encode(markStart(key));
  }

  bytes(pipe: Pipe, bytes: Uint8Array): void {
    this.#pipes[pipe].push(bytes);
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      for (const [i, pipe] of this.#pipes.entries()) {
        for (const text of pipe.texts()) this.listener.text(names[i], text, pipe.cell);
      }
      const [out, err] = this.#pipes.map((pipe) => pipe.mark);
      if (out === undefined || err === undefined) return;
      if (out.message) this.listener.message(JSON.parse(out.message));
      for (const pipe of this.#pipes) pipe.pass();
    }
  }
}

/** The bytes of a pipe, as texts and marks. */
class MarkedPipe {
  start = new Uint8Array();
  /** The execution that wrote what comes. */
  cell = 0;
  /** The mark before which all texts were taken. */
  mark: PrintMark | undefined;
  #items: (string | PrintMark)[] = [];
  #rest = new Uint8Array();
  #decoder = new TextDecoder();
  #pieces: Uint8Array[] = [];

  push(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    let from = 0;
    let unfinished = false;
    for (let at = all.indexOf(ESCAPE); at >= 0;) {
      const found = this.#markAt(all, at);
      if (found === "none") {
        at = all.indexOf(ESCAPE, at + 1);
        continue;
      }
      this.#text(all.subarray(from, at));
      from = at;
      unfinished = found === "unfinished";
      if (found === "unfinished") break;
      if (found.mark !== undefined) this.#items.push(found.mark);
      from = found.end;
      at = all.indexOf(ESCAPE, from);
    }
    if (!unfinished) {
      this.#text(all.subarray(from));
      from = all.length;
    }
    this.#rest = all.slice(from);
  }

  /** The texts up to the next mark, each once. */
  *texts(): Generator<string> {
    let count = 0;
    while (this.mark === undefined && count < this.#items.length) {
      const item = this.#items[count++];
      if (typeof item === "string") yield item;
      else this.mark = item;
    }
    if (count > 0) this.#items.splice(0, count);
  }

  pass(): void {
    this.cell = this.mark!.cell;
    this.mark = undefined;
  }

  #text(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text !== "") this.#items.push(text);
  }

  #markAt(
    bytes: Uint8Array,
    at: number,
  ): "none" | "unfinished" | { readonly mark?: PrintMark; readonly end: number } {
    for (let i = 0; i < this.start.length; i++) {
      if (at + i >= bytes.length) return "unfinished";
      if (bytes[at + i] !== this.start[i]) return "none";
    }
    const last = bytes.indexOf(ESCAPE, at + 1);
    if (last < 0 || last + MARK_END.length > bytes.length) return "unfinished";
    const end = last + MARK_END.length;
    const content = bytes.subarray(at + this.start.length, last);
    if (content[0] === PIECE) {
      this.#pieces.push(content.slice(1));
      return { end };
    }
    const [, number, cell, rest] = /^(\d+);(\d+);(.*)$/s.exec(this.#whole(content))!;
    return { mark: { number: Number(number), cell: Number(cell), message: rest }, end };
  }

  /** The content of a mark with the pieces that came before it. */
  #whole(content: Uint8Array): string {
    const second = content.indexOf(SEMICOLON, content.indexOf(SEMICOLON) + 1) + 1;
    const parts = [content.subarray(0, second), ...this.#pieces, content.subarray(second)];
    this.#pieces = [];
    const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return new TextDecoder().decode(all);
  }
}

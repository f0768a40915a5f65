/** A client of a language server over its standard input and output. */

interface Incoming {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A language server's process. */
export class LspClient implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #reading: Promise<void>;
  #last = 0;
  #ended = false;

  /** Starts the command; what the server says by itself goes to `hear`. */
  constructor(command: Deno.Command, readonly hear: (method: string, params: unknown) => void) {
    this.#child = command.spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Asks the server; fails if it ends before it answers. */
  async request<T>(method: string, params: unknown): Promise<T> {
    if (this.#ended) throw new Error("The language server has ended");
    const id = ++this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    await this.#write({ id, method, params });
    return await waiting.promise as T;
  }

  /** Tells the server. */
  async notify(method: string, params: unknown): Promise<void> {
    await this.#write({ method, params });
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading;
  }

  async #write(message: object): Promise<void> {
    const body = encoder.encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    await this.#writer.write(encoder.encode(`Content-Length: ${body.length}\r\n\r\n`));
    await this.#writer.write(body);
  }

  async #read(): Promise<void> {
    let buffer = new Uint8Array();
    try {
      for await (const chunk of this.#child.stdout) {
        const joined = new Uint8Array(buffer.length + chunk.length);
        joined.set(buffer);
        joined.set(chunk, buffer.length);
        buffer = this.#takeAll(joined);
      }
    } finally {
      this.#ended = true;
      for (const { reject } of this.#waiting.values()) {
        reject(new Error("The language server has ended"));
      }
    }
  }

  /** Takes the messages that are whole; gives what is left. */
  #takeAll(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    for (;;) {
      const head = /^(?:[^\r\n]+\r\n)*?Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/i.exec(
        decoder.decode(bytes.subarray(0, 200)),
      );
      if (head === null) return bytes;
      const end = head[0].length + Number(head[1]);
      if (bytes.length < end) return bytes;
      this.#take(JSON.parse(decoder.decode(bytes.subarray(head[0].length, end))));
      bytes = bytes.slice(end);
    }
  }

  #take({ id, method, params, result, error }: Incoming): void {
    if (method !== undefined) {
      // A request of the server wants an answer, if only that there is none.
      if (id !== undefined) this.#write({ id, result: null }).catch(() => {}); // it may have ended
      return this.hear(method, params);
    }
    const waiting = this.#waiting.get(id!);
    this.#waiting.delete(id!);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

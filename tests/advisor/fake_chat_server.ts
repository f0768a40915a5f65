/**
 * Servers that speak as Gemini and as OpenAI do, by a script. They show that the clients and
 * adapters keep to the forms that are documented; whether the services do, no fake can show.
 */

/** What a server says to one request. */
export interface Said {
  /** Pieces of text, each a message of the stream. */
  readonly text?: readonly string[];
  readonly calls?: readonly { readonly name: string; readonly input: unknown }[];
  /** A call whose arguments are this text, which only OpenAI's form can hold. */
  readonly rawInput?: string;
  /** `length`, or that a filter ended it, or nothing: the stream ends without an end. */
  readonly end?: "stop" | "length" | "blocked" | "none";
  /** Refused before anything is written. */
  readonly blocked?: boolean;
  /** A status with a body and headers in the place of an answer. */
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing comes after this many pieces. */
  readonly hangAfter?: number;
  /** A message that is no JSON comes after the pieces. */
  readonly malformed?: boolean;
  /** The connection is cut after the pieces. */
  readonly cut?: boolean;
  /** Tokens are not told. */
  readonly noUsage?: boolean;
}

/** A form of API. */
export type Protocol = "gemini" | "openai";

/** What a server was sent. */
export interface Heard {
  readonly path: string;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- each form has its own body
  readonly body: any;
}

const usage = { input: 100, output: 20 };

function geminiMessages(said: Said): unknown[] {
  const { text = [], calls = [], end = "stop", blocked } = said;
  if (blocked) return [{ promptFeedback: { blockReason: "SAFETY" }, usageMetadata: tokens(said) }];
  const part = (parts: unknown[], more = {}) => ({
    candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
  });
  const reason = { stop: "STOP", length: "MAX_TOKENS", blocked: "SAFETY", none: undefined }[end];
  return [
    ...text.map((piece) => part([{ text: piece }])),
    ...calls.map(({ name, input }) =>
      part([{ functionCall: { name, args: input }, thoughtSignature: "c2ln" }])
    ),
    ...reason === undefined
      ? []
      : [{ ...part([], { finishReason: reason }), usageMetadata: tokens(said) }],
  ];
}

const tokens = ({ noUsage }: Said) =>
  noUsage ? undefined : {
    ...{ promptTokenCount: usage.input, candidatesTokenCount: usage.output - 5 },
    ...{ thoughtsTokenCount: 5, totalTokenCount: 120 },
  };

function openAiMessages(said: Said): unknown[] {
  const { text = [], calls = [], rawInput, end = "stop", blocked, noUsage } = said;
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    ...{ id: "c", object: "chat.completion.chunk", created: 1, model: "m" },
    choices: [{ index: 0, delta, finish_reason }],
  });
  if (blocked) return [chunk({ refusal: "I cannot" }), chunk({}, "stop")];
  const all = [
    ...calls.map(({ name, input }) => ({ name, text: JSON.stringify(input) })),
    ...rawInput === undefined ? [] : [{ name: "add", text: rawInput }],
  ];
  const reason = all.length > 0
    ? "tool_calls"
    : { stop: "stop", length: "length", blocked: "content_filter", none: undefined }[end];
  return [
    chunk({ role: "assistant", content: "" }),
    ...text.map((content) => chunk({ content })),
    ...all.flatMap(({ name, text }, index) => [
      chunk({
        tool_calls: [{
          index,
          id: `id${index}`,
          type: "function",
          function: { name, arguments: "" },
        }],
      }),
      // Arguments come in pieces.
      ...text.match(/.{1,5}/gs)!.map((piece) =>
        chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
      ),
    ]),
    ...reason === undefined ? [] : [chunk({}, reason)],
    ...noUsage || reason === undefined ? [] : [{
      ...chunk({}),
      choices: [],
      usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: 120 },
    }],
  ];
}

/** A server of one form. */
export class FakeChatServer implements AsyncDisposable {
  readonly heard: Heard[] = [];
  /** What is said to the requests, in their order; the last is said to all that follow. */
  script: Said[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #ending = new AbortController();

  /** Listens on a free port; streams are sent in pieces of so many bytes. */
  constructor(private readonly protocol: Protocol, private readonly pieceBytes = 7) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: this.#ending.signal },
      (request) => this.#answer(request),
    );
  }

  /** Its address, as the clients take it. */
  get url(): string {
    const base = `http://127.0.0.1:${this.#server.addr.port}`;
    return this.protocol === "openai" ? `${base}/v1` : base;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#server.finished;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = await request.json();
    this.heard.push({ path: pathname + search, headers: request.headers, body });
    const said = this.script.length > 1 ? this.script.shift()! : this.script[0];
    const { status, headers } = said;
    if (status !== undefined) return new Response(said.body ?? "", { status, headers });
    if (said.hangAfter === 0) return await new Promise(() => {});
    return new Response(this.#stream(said), { headers: { "content-type": "text/event-stream" } });
  }

  #stream(said: Said): ReadableStream<Uint8Array<ArrayBuffer>> {
    const gemini = this.protocol === "gemini";
    const messages = gemini ? geminiMessages(said) : openAiMessages(said);
    const shown = said.hangAfter === undefined
      ? messages
      : messages.slice(0, said.hangAfter + (gemini ? 0 : 1));
    const end = gemini ? "\r\n\r\n" : "\n\n";
    const texts = shown.map((message) => `data: ${JSON.stringify(message)}${end}`);
    if (said.malformed) texts.splice(-1, 0, `data: {"candidates": [{"oops"${end}`);
    if (!gemini && said.hangAfter === undefined) texts.push("data: [DONE]\n\n");
    const bytes = new TextEncoder().encode(texts.join(""));
    let at = 0;
    const { pieceBytes } = this;
    return new ReadableStream({
      async pull(controller) {
        if (at >= bytes.length) {
          if (said.hangAfter !== undefined) return await new Promise(() => {});
          if (said.cut) controller.error(new Error("cut"));
          else controller.close();
          return;
        }
        const stop = said.cut ? Math.floor(bytes.length * 0.6) : bytes.length;
        const piece = bytes.slice(at, Math.min(stop, at + pieceBytes));
        at = piece.length === 0 ? bytes.length : at + piece.length;
        if (piece.length > 0) controller.enqueue(piece);
        // Or pieces would travel together.
        await new Promise((done) => setTimeout(done));
      },
    });
  }
}

/** A kernel as Jupyter's front ends see it: requests in, outputs and answers out. */

import { completeness } from "../code/completeness.ts";
import { translateCells } from "../code/translate.ts";
import { Kernel, KernelDeath, type KernelOutput } from "../kernel/kernel.ts";
import type { Connection } from "./connection.ts";
import { CellHistory } from "./history.ts";
import {
  BadMessage,
  type Header,
  type Message,
  MessageCodec,
  type Outgoing,
  PROTOCOL,
} from "./message.ts";
import { PublishSocket, ServerSocket } from "./sockets.ts";
import { StreamBatcher } from "./streams.ts";
import type { ZmtpSocket } from "./zmtp.ts";

/** What tells of code that is being written; answers that it does not have are empty. */
export interface CodeKnowledge {
  /** What may stand at a place, and what of the text it replaces. */
  complete(code: string, cursor: number): Promise<{
    readonly matches: readonly string[];
    readonly cursor_start: number;
    readonly cursor_end: number;
    readonly metadata?: unknown;
  }>;
  /** What stands at a place, by media type; undefined if nothing is known. */
  inspect(code: string, cursor: number): Promise<Readonly<Record<string, string>> | undefined>;
  /** Hears a cell that was run; the same name again replaces it. */
  ran(code: string, name: string): void;
  /** Type errors of the cells that were run, by their names. */
  errors(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** What becomes of type errors: nothing, a warning below the cell, or an error before it runs. */
export type TypeCheck = "off" | "warn" | "error";

/** Milliseconds without a cell after which types are checked. */
const CHECK_AFTER = 500;

interface Request {
  readonly socket: ServerSocket;
  readonly peer: ZmtpSocket;
  readonly message: Message;
}

/** Executions of which late outputs are still told to their cells. */
const KEPT = 2000;

/** A kernel that listens. */
export class JupyterServer implements AsyncDisposable {
  /** Resolves when a front end has asked for the end. */
  readonly ended: Promise<void>;
  readonly #codec: MessageCodec;
  readonly #shell: ServerSocket;
  readonly #control: ServerSocket;
  readonly #stdin: ServerSocket;
  readonly #heartbeat: ServerSocket;
  readonly #iopub: PublishSocket;
  readonly #streams = new StreamBatcher((name, text, execution) =>
    this.#publish("stream", { name, text }, this.#parents.get(execution))
  );
  readonly #history = new CellHistory();
  readonly #parents = new Map<number, Partial<Header>>();
  readonly #comms = new Map<string, string>();
  readonly #abort = new AbortController();
  readonly #queue: Request[] = [];
  readonly #end = Promise.withResolvers<void>();
  #kernel: Promise<Kernel>;
  #working = false;
  #count = 0;
  #silent = 0;
  #running: Request | undefined;
  #answers: PromiseWithResolvers<string | undefined> | undefined;
  #deaf = false;
  readonly #unchecked = new Map<string, Header>();
  #checking: ReturnType<typeof setTimeout> | undefined;

  /** Listens as the connection says; cells run in the folder `cwd`. */
  constructor(
    { ip, key, ...ports }: Connection,
    readonly cwd: string,
    readonly knowledge: CodeKnowledge,
    readonly types: TypeCheck = "warn",
  ) {
    this.ended = this.#end.promise;
    this.#codec = new MessageCodec(key);
    const router = (port: number, take: (request: Request) => void) => {
      const socket: ServerSocket = new ServerSocket(ip, port, "ROUTER", (frames, peer) => {
        try {
          take({ socket, peer, message: this.#codec.read(frames) });
        } catch (error) {
          if (!(error instanceof BadMessage)) throw error; // what nobody signed is not answered
        }
      });
      return socket;
    };
    this.#shell = router(ports.shell_port, (request) => this.#take(request));
    this.#control = router(ports.control_port, (request) => this.#take(request));
    this.#stdin = router(ports.stdin_port, ({ message }) => {
      if (message.header.msg_type !== "input_reply") return;
      this.#answers?.resolve(String(message.content.value ?? ""));
    });
    this.#heartbeat = new ServerSocket(
      ip,
      ports.hb_port,
      "REP",
      (frames, peer) => this.#heartbeat.send(peer, frames),
    );
    this.#iopub = new PublishSocket(ip, ports.iopub_port, (topic) =>
      this.#codec.frames({
        type: "iopub_welcome",
        content: { subscription: topic },
        addresses: [encode("iopub_welcome")],
      }));
    this.#kernel = this.#start();
    this.#publish("status", { execution_state: "starting" }, {});
  }

  /** Ends the kernel, and listens no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(new Error("the kernel ends"));
    clearTimeout(this.#checking);
    await this.#iopub.written();
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#heartbeat, this.#iopub]) {
      socket[Symbol.dispose]();
    }
    try {
      await (await this.#kernel)[Symbol.asyncDispose]();
    } catch {
      // It did not start, or was stopped from starting.
    }
  }

  #start(): Promise<Kernel> {
    const kernel = Kernel.start(this.cwd, this.#abort.signal, {
      output: (output, execution) => this.#output(output, execution),
      input: (prompt, execution) => this.#ask(prompt, execution),
    });
    kernel.catch(() => {}); // told to the cell that waits for it
    return kernel;
  }

  #take(request: Request): void {
    if (request.message.header.msg_type === "execute_request") {
      this.#queue.push(request);
      if (!this.#working) this.#work();
    } else this.#answer(request);
  }

  /** Executes what is asked for, one after the other. */
  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
        this.#running = request;
        const { ok, stops } = await this.#during(request, () => this.#execute(request));
        this.#running = undefined;
        if (!ok && stops) await this.#dropQueue();
      }
    } finally {
      this.#working = false;
    }
  }

  /** What waits behind a cell that failed is not run. */
  async #dropQueue(): Promise<void> {
    for (const request of this.#queue.splice(0)) {
      await this.#during(
        request,
        () => this.#reply(request, { status: "aborted", execution_count: this.#count }),
      );
    }
  }

  /** Says busy before work and idle after all of its outputs. */
  async #during<T>({ message: { header } }: Request, work: () => Promise<T>): Promise<T> {
    this.#publish("status", { execution_state: "busy" }, header);
    try {
      return await work();
    } finally {
      this.#publish("status", { execution_state: "idle" }, header);
    }
  }

  async #execute(request: Request): Promise<{ readonly ok: boolean; readonly stops: boolean }> {
    const { header, content } = request.message;
    const code = String(content.code ?? "");
    const silent = content.silent === true;
    const kept = !silent && content.store_history !== false;
    const stops = content.stop_on_error !== false;
    if (kept) this.#count++;
    // One that leaves no trace has a number that no other has.
    const execution = kept ? this.#count : 1_000_000 + ++this.#silent;
    this.#remember(execution, header);
    if (!silent) {
      this.#publish("execute_input", { code, execution_count: this.#count }, header);
    }
    if (kept) this.#history.add(this.#count, code);
    const failure = await this.#run(code, execution);
    await this.#streams.flush();
    const expressions = content.user_expressions as Record<string, string> | undefined;
    const answered = failure === undefined
      ? {
        status: "ok",
        payload: [],
        user_expressions: await this.#evaluate(expressions ?? {}),
      }
      : { status: "error", ...failure };
    await this.#reply(request, { ...answered, execution_count: this.#count });
    if (failure === undefined && kept) this.#check(request, code);
    return { ok: failure === undefined, stops };
  }

  /** Has the types of a cell checked when no other waits; what is wrong is told below the cell. */
  #check({ message: { header, metadata } }: Request, code: string): void {
    const name = String(metadata.cellId ?? code);
    this.knowledge.ran(code, name);
    if (this.types === "off") return;
    this.#unchecked.set(name, header);
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => this.#warn(), CHECK_AFTER);
  }

  async #warn(): Promise<void> {
    const cells = [...this.#unchecked];
    this.#unchecked.clear();
    try {
      const errors = await this.knowledge.errors();
      for (const [name, header] of cells) {
        const told = errors.get(name);
        if (told === undefined) continue;
        const text = told.map((error) => `type warning: ${error}\n`).join("");
        this.#publish("stream", { name: "stderr", text }, header);
      }
    } catch (error) {
      if (this.#abort.signal.aborted) return; // the language server has ended with the kernel
      const text = `Cannot check the types: ${(error as Error).message}\n`;
      this.#publish("stream", { name: "stderr", text }, cells.at(-1)?.[1]);
    }
  }

  /** Runs a cell; gives the error that ended it. */
  async #run(code: string, execution: number): Promise<Record<string, unknown> | undefined> {
    this.#failures.delete(execution);
    if (code.trim() === "") return undefined;
    if (this.types === "error") {
      const failure = await this.#typeError(code, execution);
      if (failure !== undefined) return failure;
    }
    try {
      const [kernel, [cell]] = await Promise.all([this.#kernel, translateCells([code])]);
      const { ok } = await kernel.execute(cell, execution);
      return ok ? undefined : this.#failures.get(execution);
    } catch (error) {
      const known = error instanceof KernelDeath;
      const [ename, said] = [known ? "KernelDeath" : "Error", (error as Error).message];
      const evalue = known
        ? `${said}${this.#deaf ? " because it did not hear Stop" : ""}; it was started anew`
        : said;
      const next = "next: run the cells from the top: variables are gone";
      this.#deaf = false;
      this.#kernel.then((kernel) => kernel[Symbol.asyncDispose]()).catch(() => {}); // it is gone already
      this.#kernel = this.#start();
      const content = { ename, evalue, traceback: [`${ename}: ${evalue}`, next] };
      await this.#streams.flush();
      this.#publish("error", content, this.#parents.get(execution));
      return content;
    }
  }

  /** The type errors of a cell that is about to run, as its failure. */
  async #typeError(code: string, execution: number): Promise<Record<string, unknown> | undefined> {
    const name = String(this.#running?.message.metadata.cellId ?? code);
    this.knowledge.ran(code, name);
    const found = (await this.knowledge.errors()).get(name);
    if (found === undefined) return undefined;
    const content = { ename: "TypeCheckError", evalue: found[0], traceback: [...found] };
    this.#publish("error", content, this.#parents.get(execution));
    return content;
  }

  readonly #failures = new Map<number, Record<string, unknown>>();

  #output({ type, content, metadata, buffers }: KernelOutput, execution: number): void {
    if (type === "stream") {
      const { name, text } = content as { name: string; text: string };
      return this.#streams.add(name, text, execution);
    }
    const parent = this.#parents.get(execution);
    if (type === "error" && !this.#failures.has(execution)) {
      this.#failures.set(execution, { ...content });
    }
    if (type === "comm_open") {
      this.#comms.set(String(content.comm_id), String(content.target_name));
    } else if (type === "comm_close") this.#comms.delete(String(content.comm_id));
    const count = execution > 1_000_000 ? this.#count : execution;
    const told = type === "execute_result" ? { ...content, execution_count: count } : content;
    this.#streams.after(() =>
      this.#publish(type, told, parent, { metadata, buffers: buffers?.map(bytes) })
    );
  }

  async #evaluate(expressions: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const names = Object.keys(expressions);
    if (names.length === 0) return {};
    const kernel = await this.#kernel;
    const cells = await translateCells(names.map((name) => expressions[name]));
    const values = await Promise.all(cells.map(async (cell) => {
      const given = "message" in cell
        ? { error: `SyntaxError: ${cell.message}` }
        : await kernel.evaluate(cell);
      if ("data" in given) return { status: "ok", data: given.data, metadata: {} };
      const [, ename = "Error", evalue = given.error] = /^(\w+): (.*)/s.exec(given.error) ?? [];
      return { status: "error", ename, evalue, traceback: [given.error] };
    }));
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  }

  async #answer(request: Request): Promise<void> {
    const { header, content } = request.message;
    await this.#during(request, async () => {
      try {
        await this.#perform(request, header.msg_type, content);
      } catch (error) {
        const { name, message } = error as Error;
        await this.#reply(request, {
          ...{ status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] },
        });
      }
    });
    if (header.msg_type === "shutdown_request") this.#end.resolve();
  }

  async #perform(
    request: Request,
    type: string,
    content: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const [code, cursor] = [String(content.code ?? ""), Number(content.cursor_pos ?? 0)];
    const reply = (answer: object) => this.#reply(request, { status: "ok", ...answer });
    switch (type) {
      case "kernel_info_request":
        return await reply(kernelInfo);
      case "is_complete_request":
        return await this.#reply(request, await completeness(code));
      case "complete_request":
        return await reply({ metadata: {}, ...await this.knowledge.complete(code, cursor) });
      case "inspect_request": {
        const data = await this.knowledge.inspect(code, cursor);
        return await reply({ found: data !== undefined, data: data ?? {}, metadata: {} });
      }
      case "history_request": {
        const found = this.#history.find(content);
        const entries = content.output === true
          ? found.map(([session, line, source]) => [session, line, [source, null]])
          : found;
        return await reply({ history: entries });
      }
      case "comm_info_request": {
        const wanted = content.target_name;
        const comms = [...this.#comms].filter(([, name]) =>
          wanted === undefined || name === wanted
        );
        return await reply({
          comms: Object.fromEntries(comms.map(([id, target_name]) => [id, { target_name }])),
        });
      }
      case "comm_open":
        this.#comms.set(String(content.comm_id), String(content.target_name));
        return await (await this.#kernel).comm(type, content);
      case "comm_close":
        this.#comms.delete(String(content.comm_id));
        return await (await this.#kernel).comm(type, content);
      case "comm_msg":
        return await (await this.#kernel).comm(type, content);
      case "interrupt_request":
        await this.#interrupt();
        return await reply({});
      case "shutdown_request": {
        const answer = { status: "ok", restart: content.restart === true };
        this.#publish("shutdown_reply", answer, request.message.header);
        return await this.#reply(request, answer);
      }
    }
  }

  /** Stops the cell that runs; one that did not hear the first time is ended with its kernel. */
  async #interrupt(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#answers?.resolve(undefined);
    const kernel = await this.#kernel;
    if (this.#deaf) return await kernel[Symbol.asyncDispose]();
    this.#deaf = !await kernel.interrupt();
    if (!this.#deaf || this.#running !== running) return void (this.#deaf = false);
    const text = "The cell runs code of a library that cannot be stopped; " +
      "Stop again to restart the kernel, which loses the variables\n";
    this.#publish("stream", { name: "stderr", text }, running.message.header);
  }

  /** Asks the front end that runs the cell for a line. */
  async #ask(prompt: string, execution: number): Promise<string | undefined> {
    const running = this.#running;
    if (running?.message.content.allow_stdin !== true) return undefined;
    const name = running.peer.identity;
    const peer = [...this.#stdin.peers].find(({ identity }) => same(identity, name)) ??
      [...this.#stdin.peers].at(-1);
    if (peer === undefined) return undefined;
    await this.#streams.flush();
    this.#answers = Promise.withResolvers();
    await this.#stdin.send(
      peer,
      this.#codec.frames({
        type: "input_request",
        content: { prompt, password: false },
        parent: this.#parents.get(execution),
      }),
    );
    const answer = await this.#answers.promise;
    this.#answers = undefined;
    return answer;
  }

  async #reply({ socket, peer, message }: Request, content: object): Promise<void> {
    await socket.send(
      peer,
      this.#codec.frames({
        type: message.header.msg_type.replace(/_request$/, "_reply"),
        content,
        parent: message.header,
        addresses: message.addresses,
      }),
    );
  }

  #publish(
    type: string,
    content: unknown,
    parent: Partial<Header> | undefined,
    more: Partial<Outgoing> = {},
  ): void {
    const addresses = [encode(type)];
    this.#iopub.publish(this.#codec.frames({ type, content, parent, ...more, addresses }));
  }

  #remember(execution: number, header: Header): void {
    this.#parents.set(execution, header);
    if (this.#parents.size <= KEPT) return;
    const [oldest] = this.#parents.keys();
    this.#parents.delete(oldest);
    this.#failures.delete(oldest);
  }
}

const kernelInfo = {
  protocol_version: PROTOCOL,
  implementation: "dinoflow",
  implementation_version: "0.1.0",
  language_info: {
    name: "typescript",
    version: Deno.version.typescript,
    mimetype: "text/x.typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `Dinoflow on Deno ${Deno.version.deno}, TypeScript ${Deno.version.typescript}`,
  help_links: [{ text: "Deno", url: "https://docs.deno.com/" }],
  debugger: false,
  supported_features: [],
};

const encode = (text: string) => new TextEncoder().encode(text);
const bytes = (text: string) => Uint8Array.fromBase64(text);

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

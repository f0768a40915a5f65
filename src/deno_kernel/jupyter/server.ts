/** A kernel as Jupyter's front ends see it: requests in, outputs and answers out. */

import { completeness } from "../code/completeness.ts";
import { translateCells } from "../code/translate.ts";
import { Kernel, KernelDeath, type KernelOutput } from "../kernel.ts";
import { columnNames } from "../variables.ts";
import { openText, withColumns } from "./column_names.ts";
import { Comms } from "./comms.ts";
import type { Connection } from "./connection.ts";
import { Executions } from "./executions.ts";
import { userExpressions } from "./expressions.ts";
import { CellHistory } from "./history.ts";
import { kernelInfo } from "./kernel_info.ts";
import { BadMessage, type Header, type Message, MessageCodec, type Outgoing } from "./message.ts";
import { PublishSocket, ServerSocket } from "./sockets.ts";
import { StreamBatcher } from "./streams.ts";
import { type CodeKnowledge, type TypeCheck, TypeChecks } from "./type_checks.ts";
import type { ZmtpSocket } from "./zmtp.ts";

interface Request {
  readonly socket: ServerSocket;
  readonly peer: ZmtpSocket;
  readonly message: Message;
}

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
    this.#publish("stream", { name, text }, this.#executions.header(execution))
  );
  readonly #history = new CellHistory();
  readonly #executions = new Executions();
  readonly #comms = new Comms();
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
  readonly #types: TypeChecks<Header>;

  /** Listens as the connection says; cells run in the folder `cwd`. */
  constructor(
    { ip, key, ...ports }: Connection,
    readonly cwd: string,
    readonly knowledge: CodeKnowledge,
    types: TypeCheck = "warn",
  ) {
    this.ended = this.#end.promise;
    this.#codec = new MessageCodec(key);
    this.#types = new TypeChecks(
      knowledge,
      types,
      (text, header) => this.#publish("stream", { name: "stderr", text }, header),
    );
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
    this.#types[Symbol.dispose]();
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
    this.#executions.begin(execution, header);
    if (!silent) this.#publish("execute_input", { code, execution_count: this.#count }, header);
    if (kept) this.#history.add(this.#count, code);
    const failure = await this.#run(code, execution);
    await this.#streams.flush();
    const expressions = content.user_expressions as Record<string, string> | undefined;
    const answered = failure === undefined
      ? {
        status: "ok",
        payload: [],
        user_expressions: await userExpressions(expressions ?? {}, this.#kernel),
      }
      : { status: "error", ...failure };
    await this.#reply(request, { ...answered, execution_count: this.#count });
    if (failure === undefined && kept) {
      this.#types.after(code, request.message.metadata.cellId, header);
    }
    return { ok: failure === undefined, stops };
  }

  /** Runs a cell; gives the error that ended it. */
  async #run(code: string, execution: number): Promise<Record<string, unknown> | undefined> {
    if (code.trim() === "") return undefined;
    const failure = await this.#typeError(code, execution);
    if (failure !== undefined) return failure;
    try {
      const [kernel, [cell]] = await Promise.all([this.#kernel, translateCells([code])]);
      const { ok } = await kernel.execute(cell, execution);
      return ok ? undefined : this.#executions.failure(execution);
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
      this.#publish("error", content, this.#executions.header(execution));
      return content;
    }
  }

  /** The type errors of a cell that is about to run, as its failure. */
  async #typeError(code: string, execution: number): Promise<Record<string, unknown> | undefined> {
    const found = await this.#types.before(code, this.#running?.message.metadata.cellId);
    if (found === undefined) return undefined;
    const content = { ename: "TypeCheckError", evalue: found[0], traceback: [...found] };
    this.#publish("error", content, this.#executions.header(execution));
    return content;
  }

  #output({ type, content, metadata, buffers }: KernelOutput, execution: number): void {
    if (type === "stream") {
      const { name, text } = content as { name: string; text: string };
      return this.#streams.add(name, text, execution);
    }
    const parent = this.#executions.header(execution);
    if (type === "error") this.#executions.fail(execution, { ...content });
    this.#comms.hear(type, content);
    const count = execution > 1_000_000 ? this.#count : execution;
    const told = type === "execute_result" ? { ...content, execution_count: count } : content;
    this.#streams.after(() =>
      this.#publish(type, told, parent, {
        metadata,
        buffers: buffers?.map((text) => Uint8Array.fromBase64(text)),
      })
    );
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
      case "complete_request": {
        const kernel = await this.#kernel;
        const [found, columns] = await Promise.all([
          this.knowledge.complete(code, cursor),
          openText(code, cursor) === undefined
            ? []
            : columnNames(kernel.inspector, this.#running !== undefined),
        ]);
        return await reply({ metadata: {}, ...withColumns(found, columns, code, cursor) });
      }
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
      case "comm_info_request":
        return await reply({ comms: this.#comms.listed(content.target_name) });
      case "comm_open":
      case "comm_close":
        this.#comms.hear(type, content);
        if (type === "comm_open" && this.#comms.answerer(content)) return;
        return await (await this.#kernel).comm(type, content);
      case "comm_msg": {
        const kernel = await this.#kernel;
        const answerer = this.#comms.answerer(content);
        if (answerer === undefined) return await kernel.comm(type, content);
        const data = await answerer(content.data, kernel.inspector);
        const told = { comm_id: content.comm_id, data };
        return this.#publish("comm_msg", told, request.message.header);
      }
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
        parent: this.#executions.header(execution),
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
}

const encode = (text: string) => new TextEncoder().encode(text);

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

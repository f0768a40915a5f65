/** A front end of the kernel, as much of one as tests need. */

import { fromFileUrl } from "@std/path";
import { type Message, MessageCodec } from "../../src/deno_kernel/jupyter/message.ts";
import { ZmtpSocket } from "../../src/deno_kernel/jupyter/zmtp.ts";
import { freePort } from "../free_port.ts";
import { Folder } from "../notebook/notebook_files.ts";

const main = fromFileUrl(import.meta.resolve("../../src/deno_kernel/jupyter/main.ts"));
const config = fromFileUrl(import.meta.resolve("../../deno.json"));

/** All that a request has caused, in the order in which it came. */
export interface Answered {
  /** The answer. */
  readonly reply: Message["content"];
  /** The outputs, busy and idle included. */
  readonly outputs: readonly Message[];
}

/** A kernel's process with a client. */
export class JupyterClient implements AsyncDisposable {
  /** All that was published. */
  readonly published: Message[] = [];
  readonly #waiting = new Map<string, (message: Message) => void>();
  readonly #idle = new Map<string, () => void>();
  #answer: string | undefined;

  private constructor(
    readonly child: Deno.ChildProcess,
    readonly codec: MessageCodec,
    readonly shell: ZmtpSocket,
    readonly control: ZmtpSocket,
    readonly stdin: ZmtpSocket,
    readonly iopub: ZmtpSocket,
  ) {}

  /** Starts a kernel in a folder. */
  static async start(cwd: string, env: Record<string, string> = {}): Promise<JupyterClient> {
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = Array.from(
      { length: 5 },
      freePort,
    );
    const key = crypto.randomUUID();
    const file = await Deno.makeTempFile({ suffix: ".json" });
    const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    const more = { ip: "127.0.0.1", transport: "tcp", signature_scheme: "hmac-sha256" };
    await Deno.writeTextFile(file, JSON.stringify({ ...ports, ...more, key }));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", "--config", config, main, file],
      ...{ cwd, env: { DINOFLOW_TYPES: "off", ...env }, stdin: "null" },
    }).spawn();
    const codec = new MessageCodec(key);
    const [shell, control, stdin, iopub] = await Promise.all([
      reach(shell_port, "DEALER"),
      reach(control_port, "DEALER"),
      reach(stdin_port, "DEALER"),
      reach(iopub_port, "SUB"),
    ]);
    await Deno.remove(file);
    const client = new JupyterClient(child, codec, shell, control, stdin, iopub);
    client.#listen(
      shell,
      (message) => client.#waiting.get(String(message.parent.msg_id))?.(message),
    );
    client.#listen(
      control,
      (message) => client.#waiting.get(String(message.parent.msg_id))?.(message),
    );
    client.#listen(stdin, async ({ header }) => {
      const content = { value: client.#answer ?? "" };
      await stdin.send(codec.frames({ type: "input_reply", content, parent: header }));
    });
    const welcome = Promise.withResolvers<void>();
    client.#listen(iopub, (message) => {
      client.published.push(message);
      if (message.header.msg_type === "iopub_welcome") welcome.resolve();
      if (message.content.execution_state !== "idle") return;
      client.#idle.get(String(message.parent.msg_id))?.();
    });
    await welcome.promise;
    return client;
  }

  /** Asks; resolves with the answer once the kernel is idle again. */
  async ask(
    type: string,
    content: object,
    { channel = "shell", metadata = {} }: { channel?: "shell" | "control"; metadata?: object } = {},
  ): Promise<Answered> {
    const frames = this.codec.frames({ type, content, metadata });
    const id = JSON.parse(new TextDecoder().decode(frames[2])).msg_id as string;
    const reply = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    const idle = new Promise<void>((resolve) => this.#idle.set(id, resolve));
    await this[channel].send(frames);
    const [{ content: said }] = await Promise.all([reply, idle]);
    return { reply: said, outputs: this.of(id) };
  }

  /** Executes a cell. */
  run(code: string, more: object = {}): Promise<Answered> {
    return this.ask("execute_request", {
      ...{ code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false },
      ...{ stop_on_error: true, ...more },
    });
  }

  /** Executes a cell that asks for input, and answers. */
  async runAnswering(code: string, answer: string): Promise<Answered> {
    this.#answer = answer;
    return await this.run(code, { allow_stdin: true });
  }

  /** What was published for a request. */
  of(id: string): Message[] {
    return this.published.filter(({ parent }) => parent.msg_id === id);
  }

  /** Ends the kernel as a front end does. */
  async shutdown(): Promise<Deno.CommandStatus> {
    await this.ask("shutdown_request", { restart: false }, { channel: "control" });
    return await this.child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) {
      socket[Symbol.dispose]();
    }
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.child.status;
  }

  async #listen(socket: ZmtpSocket, take: (message: Message) => void): Promise<void> {
    try {
      for (let frames = await socket.receive(); frames; frames = await socket.receive()) {
        take(this.codec.read(frames));
      }
    } catch {
      // The kernel was ended in the middle of a message.
    }
  }
}

/** What a cell has put out, a word each. */
export function words({ outputs }: Answered): string[] {
  return outputs.map(({ header: { msg_type }, content }) => {
    const data = content.data as Record<string, unknown> | undefined;
    const text = msg_type === "status"
      ? content.execution_state
      : msg_type === "stream"
      ? `${content.name}: ${content.text}`
      : msg_type === "error"
      ? `${content.ename}: ${content.evalue}`
      : data?.["text/plain"] ?? "";
    // deno-lint-ignore no-control-regex
    return `${msg_type} ${String(text).replaceAll(/\x1b\[[\d;]*m/g, "")}`.trim();
  });
}

async function reach(port: number, type: "DEALER" | "SUB"): Promise<ZmtpSocket> {
  for (let attempt = 0;; attempt++) {
    try {
      return await ZmtpSocket.connect("127.0.0.1", port, type);
    } catch (error) {
      if (attempt === 3000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Does work with a kernel in a folder with modules, one of which never ends. */
export async function withKernel(
  work: (client: JupyterClient, folder: Folder) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  await using folder = await Folder.create();
  await folder.write("beside.ts", "export const seven: number = 7;");
  await folder.write("slow.ts", "export const before = 1;\nwhile (true) {}\n");
  await using client = await JupyterClient.start(folder.path, env);
  await work(client, folder);
}

/** Gives a kernel time of which it tells nothing. */
export const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits for a message that may come after its cell. */
export async function published(client: JupyterClient, wanted: RegExp): Promise<string> {
  for (;;) {
    const found = words({ reply: {}, outputs: client.published }).find((word) => wanted.test(word));
    if (found !== undefined) return found;
    await pause(10);
  }
}

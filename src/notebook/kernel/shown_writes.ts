/**
 * Shows in a cell what otherwise reaches nobody: the kernel sends what the console prints,
 * and drops what is written to the process's own standard output and error.
 */

/** Prints a text where the console prints. */
export type Print = (text: string, toStderr: boolean) => void;

/** Milliseconds after a child's end in which its last lines are waited for. */
const LAST_LINES = 500;

/** Prints what is written to `Deno.stdout` and `Deno.stderr`, in the order of all prints. */
export function showWrites(print: Print): void {
  for (const [pipe, toStderr] of [[Deno.stdout, false], [Deno.stderr, true]] as const) {
    const decoder = new TextDecoder();
    const writeSync = (bytes: Uint8Array) => {
      print(decoder.decode(bytes, { stream: true }), toStderr);
      return bytes.length;
    };
    Object.defineProperties(pipe, {
      writeSync: { value: writeSync },
      write: { value: (bytes: Uint8Array) => Promise.resolve(writeSync(bytes)) },
      writable: {
        get: () => new WritableStream<Uint8Array>({ write: (bytes) => void writeSync(bytes) }),
      },
    });
  }
}

/**
 * Prints what child processes write that inherit standard output or standard error. They
 * are piped instead; a child's `status` then comes with its last lines. Children that
 * `node:child_process` starts are not seen: it reaches Deno past `Deno.Command`.
 */
export function showChildren(print: Print): void {
  Deno.Command = class extends Deno.Command {
    readonly #options: Deno.CommandOptions;

    constructor(command: string | URL, options: Deno.CommandOptions = {}) {
      const piped = (way: Deno.CommandOptions["stdout"]) =>
        way === undefined || way === "inherit" ? "piped" : way;
      super(command, {
        ...options,
        ...{ stdout: piped(options.stdout), stderr: piped(options.stderr) },
      });
      this.#options = options;
    }

    /** By itself a child inherits both. */
    override spawn(): Deno.ChildProcess {
      const { stdout = "inherit", stderr = "inherit" } = this.#options;
      return this.#shown(super.spawn(), stdout, stderr);
    }

    /** What is not said is piped here. */
    override async output(): Promise<Deno.CommandOutput> {
      const { stdout, stderr } = this.#options;
      if (stdout !== "inherit" && stderr !== "inherit") return await super.output();
      const child = this.#shown(super.spawn(), stdout, stderr);
      const bytes = async (way: Deno.CommandOptions["stdout"], name: "stdout" | "stderr") =>
        way === undefined || way === "piped" ? await new Response(child[name]).bytes() : none;
      const [out, err, status] = await Promise.all([
        bytes(stdout, "stdout"),
        bytes(stderr, "stderr"),
        child.status,
      ]);
      return { ...status, stdout: out, stderr: err };
    }

    override outputSync(): Deno.CommandOutput {
      const output = super.outputSync();
      const decoder = new TextDecoder();
      for (const name of ["stdout", "stderr"] as const) {
        if (this.#options[name] !== "inherit") continue;
        const text = decoder.decode(output[name]);
        if (text !== "") print(text, name === "stderr");
      }
      return output;
    }

    #shown(
      child: Deno.ChildProcess,
      stdout: Deno.CommandOptions["stdout"],
      stderr: Deno.CommandOptions["stderr"],
    ): Deno.ChildProcess {
      const shown = [
        ...stdout === "inherit" ? [follow(child.stdout, (text) => print(text, false))] : [],
        ...stderr === "inherit" ? [follow(child.stderr, (text) => print(text, true))] : [],
      ];
      const status = child.status.then(async (status) => {
        // What the child has started may hold its pipes open for ever.
        await Promise.race([Promise.all(shown), pause(LAST_LINES)]);
        return status;
      });
      return shown.length === 0 ? child : Object.defineProperty(child, "status", { value: status });
    }
  };
}

const none = new Uint8Array();

async function follow(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  print: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) print(text);
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

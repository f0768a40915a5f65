/** Where text for people goes: a stream, a terminal, or a test. */

/** A stream of text. */
export interface Sink {
  /** Writes text as it is. */
  write(text: string): void;
  /** Size of the terminal behind it; undefined if there is none. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
}

/**
 * The sink that writes to a stream of the process. Once nobody reads it any more, as
 * behind `| head`, it writes nothing, and the work goes on.
 */
export function streamSink(stream: typeof Deno.stdout): Sink {
  const encoder = new TextEncoder();
  let read = true;
  return {
    write(text) {
      let rest = encoder.encode(text);
      try {
        while (read && rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        read = false;
      }
    },
    size: () => stream.isTerminal() ? Deno.consoleSize() : undefined,
  };
}

/** What a command line gets of its process: both streams, and the environment. */
export function processStreams(): {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: (name: string) => string | undefined;
} {
  return {
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    env: (name) => Deno.env.get(name),
  };
}

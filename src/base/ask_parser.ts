/**
 * Asks something of code that only a parser can answer. The parser is native: where this
 * process may not load it, one that may does the work. It is loaded for that alone.
 */

import { denoCommand } from "./deno_command.ts";
import { UserError } from "./errors.ts";
import { fromFileUrl } from "./path.ts";

/** What a module that uses the parser exports, to be asked by its address. */
export interface Parsing<Question, Answer> {
  /**
   * Answers a question; both are plain data.
   *
   * @throws {UserError} for code that cannot be read.
   */
  answer(question: Question): Answer;
}

type Found = { readonly answer: unknown } | {
  readonly error: { readonly message: string; readonly next?: string };
};

/** Asks the module at `module`, here or in a process of its own. */
export async function askParser<Question, Answer>(
  module: string,
  question: Question,
): Promise<Answer> {
  const found = await mayLoad()
    ? await answer(module, question)
    : await elsewhere(module, question);
  if ("error" in found) throw new UserError(found.error.message, { next: found.error.next });
  return found.answer as Answer;
}

/** The answer, or what a user must be told instead. */
export async function answer(module: string, question: unknown): Promise<Found> {
  const { answer }: Parsing<unknown, unknown> = await (
    /* @__FOLLOWED__: whoever asks names the module by its URL, where it is followed */ import(
      module
    )
  );
  try {
    return { answer: answer(question) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: { message: error.message, next: error.next } };
  }
}

async function mayLoad(): Promise<boolean> {
  const [packages] = import.meta.resolve("oxc-parser").split(/\/oxc-parser[@/]/);
  // Where packages are is known of a folder of the project, not of Deno's own before it is asked.
  const place = packages.startsWith("file:") ? { path: fromFileUrl(packages) } : {};
  return (await Deno.permissions.query({ name: "ffi", ...place })).state === "granted";
}

async function elsewhere(module: string, question: unknown): Promise<Found> {
  const entry = new URL("./parse_process.ts", import.meta.url).href;
  const command = await denoCommand(
    [...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env"], "--allow-ffi", entry],
    { stdin: "piped", stdout: "piped", stderr: "piped" },
  );
  const child = command.spawn();
  const output = child.output();
  await new Blob([JSON.stringify({ module, question })]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await output;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot read the code: ${text(stderr).trim()}`);
  return JSON.parse(text(stdout));
}

/** Asks the user while a cell runs. */

/** What the kernel writes for an answer that will not come. */
export const NO_ANSWER = "\x03";

/** Has `prompt`, `confirm` and `alert` ask the user of the notebook; their answer comes on standard input. */
export function askForInput(ask: (prompt: string) => void): void {
  const answer = (prompt: string): string => {
    ask(prompt);
    const line = readLine();
    if (line === NO_ANSWER) {
      throw new Error("Cannot ask for input: nobody answers, or the question was stopped");
    }
    return JSON.parse(line);
  };
  globalThis.prompt = (message = "Prompt", preset = "") => {
    const given = answer(preset === "" ? `${message} ` : `${message} [${preset}] `);
    return given === "" && preset !== "" ? preset : given;
  };
  globalThis.confirm = (message = "Confirm") =>
    /^y(es)?$/i.test(answer(`${message} [y/N] `).trim());
  globalThis.alert = (message = "Alert") => void answer(`${message} [Enter] `);
}

function readLine(): string {
  const bytes: number[] = [];
  const one = new Uint8Array(1);
  for (;;) {
    const count = Deno.stdin.readSync(one);
    if (count === null) return NO_ANSWER; // the kernel is gone
    if (one[0] === 10) return new TextDecoder().decode(Uint8Array.from(bytes));
    bytes.push(one[0]);
  }
}

/** Whether a program that a test needs is there. */

/** Whether a command can be started and succeeds. A program that is missing throws at once, before there is a promise. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether a program that tells its version is there. */
export function isInstalled(program: string): Promise<boolean> {
  return succeeds(program, "--version");
}

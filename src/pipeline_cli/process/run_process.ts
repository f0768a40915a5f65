/** A run in a process of its own that can be interrupted. */

/** Milliseconds that an interrupted run has to end; its own clean-up takes no longer. */
const PATIENCE = 15_000;

/** The process of a run; disposing of it interrupts it and waits. */
export class RunProcess implements AsyncDisposable {
  /** Resolves with the exit code when the process is gone. */
  readonly ended: Promise<number>;
  /** Whether it is still there. */
  running = true;

  constructor(private readonly child: Deno.ChildProcess) {
    this.ended = child.status.then(({ code }) => {
      this.running = false;
      return code;
    });
  }

  /** Interrupts it as Ctrl-C does, and ends it if it does not stop. */
  async interrupt(): Promise<void> {
    if (!this.running) return;
    this.child.kill("SIGINT");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }

  /** Interrupts what is still running. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt();
  }
}

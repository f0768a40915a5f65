/** The inspector of a Deno process: evaluates code in it, and stops what runs. */

/** What an evaluation gave. */
export interface Evaluation {
  /** What it gave, by reference. */
  readonly result: RemoteValue;
  /** What it threw. */
  readonly exceptionDetails?: {
    /** The line at which it could not be read, from 0. */
    readonly lineNumber: number;
    /** Why, if nothing was thrown. */
    readonly text: string;
    /** What was thrown. */
    readonly exception?: RemoteValue;
  };
}

/** A value of the process. */
export interface RemoteValue {
  readonly type: string;
  readonly className?: string;
  /** Itself, where JSON has a word for it. */
  readonly value?: unknown;
  /** What an error says, with its stack; of another object, its class. */
  readonly description?: string;
  /** Itself, where only the language has a word for it. */
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A session with the inspector of one process. */
export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new InspectorClosed());
      this.#waiting.clear();
    };
  }

  /** Connects to the address that the process has written. */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    });
    return new Inspector(socket);
  }

  /**
   * Asks the inspector.
   *
   * @throws {InspectorClosed} if the process ends before it answers.
   */
  post<T>(method: string, params: object = {}): Promise<T> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(new InspectorClosed());
    const id = ++this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return waiting.promise as Promise<T>;
  }

  /** Ends the session. */
  [Symbol.dispose](): void {
    this.#socket.onerror = null;
    this.#socket.close();
  }

  #take({ id, result, error }: Answer): void {
    if (id === undefined) return; // an event
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    // The engine says so when it is terminated in the body of a module; the process then ends.
    if (error?.message === "Execution context was destroyed.") {
      waiting?.reject(new InspectorClosed());
    } else if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

/** The process has ended, or is about to. */
export class InspectorClosed extends Error {
  override name = "InspectorClosed";
}

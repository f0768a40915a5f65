/** A part of the stack on this machine: how it is found and started. A part is one file with this. */

/** Where the parts stand and listen. */
export interface StackPlan {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Folder for what the parts keep, absolute. */
  readonly home: string;
  /** Port of each part that listens. */
  readonly ports: Readonly<Record<PortName, number>>;
  /** The parts that run. */
  readonly names: ReadonlySet<string>;
  /** A key that may change the server; undefined where it asks for none. */
  readonly adminKey?: string;
  /** Finds a program: its path, or undefined. */
  readonly find: (...names: readonly string[]) => Promise<string | undefined>;
}

/** Those that listen. */
export type PortName = "server" | "mlflow" | "prometheus" | "alertmanager" | "grafana";

/** How a part is started. */
export interface StackCommand {
  /** Path of the program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files that it reads, by their paths, written before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Page for people. */
  readonly page?: string;
}

/** A part. */
export interface StackService {
  /** Name, as before its lines. */
  readonly name: string;
  /** What it is for. */
  readonly about: string;
  /** The port that it listens at, if it does. */
  readonly port?: PortName;
  /** How it is started; text that says what is missing, if it cannot be. */
  command(plan: StackPlan): Promise<StackCommand | string>;
}

/** Address of a part on this machine. */
export function addressOf({ ports }: StackPlan, name: PortName): string {
  return `http://127.0.0.1:${ports[name]}`;
}

/** Works out what the outputs of steps depend on. */

import { digestOf, maskedText, sha256, UserError } from "../../base/mod.ts";
import { isDeclared, type StepCode } from "../../step_code/mod.ts";
import type { Item, WorkNode } from "../define/graph.ts";
import {
  ArtifactMissing,
  type Artifacts,
  encode,
  UnkeepableError,
} from "../../artifact_store/mod.ts";
import { type Fingerprint, FINGERPRINT_SCHEMA } from "./fingerprint.ts";

/** Content digests of a step's inputs; undefined if one is not known yet. */
export type InputDigests = Readonly<Record<string, string | undefined>>;

/** What all outputs of a pipeline depend on. */
export interface FingerprintOptions {
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of parameters of which only a digest may be kept. */
  readonly secrets?: readonly string[];
  /** The code and parameters that each step mentions, with these entries of tables or all. */
  readonly code: (node: WorkNode, chosen: readonly string[] | undefined) => Promise<StepCode>;
  /** The parameters that the wiring read. */
  readonly reads?: readonly string[];
  /** Digest of the lockfile. */
  readonly lock: string;
  /** Digest of what counts of deno.json. */
  readonly config: string;
  /** The orchestrated run, whose parts share what steps make that run each time. */
  readonly partOf?: string;
}

/** The fingerprints of one pipeline's steps for given parameters. */
export class Fingerprints {
  readonly #code = new Map<string, Promise<StepCode>>();
  /** What inputs were seen to choose. */
  readonly #told = new Map<string, Promise<readonly string[] | undefined>>();

  /** Takes what counts, and where the values of inputs are. */
  constructor(
    private readonly options: FingerprintOptions,
    private readonly artifacts: Artifacts,
  ) {}

  /** The fingerprint, with what the step chooses as far as the inputs tell. */
  async of<Digests extends InputDigests>(
    node: WorkNode,
    item: Item | undefined,
    inputs: Digests,
  ) {
    const chosen = await this.#chosen(node, item, inputs);
    return { ...await this.own(node, item, chosen), inputs };
  }

  /** All but the inputs, which are known only when the steps before are done. */
  async own(
    node: WorkNode,
    item: Item | undefined,
    chosen: readonly string[] | undefined,
  ): Promise<Omit<Fingerprint, "inputs">> {
    const own = await this.codeOf(node, chosen);
    let { code } = own;
    const names = new Set(own.params);
    let itemDigest: string | undefined;
    if (item !== undefined) {
      itemDigest = await digestOrUndefined(item.value);
      if (itemDigest === undefined) {
        // Functions have no bytes, but the code that makes the list does.
        itemDigest = await digestOf(JSON.stringify(own.items?.code ?? null));
        for (const name of own.items?.params ?? ["*"]) names.add(name);
        code = { ...own.items?.code, ...code };
      }
    }
    const order = orderOf(node.inputs);
    // As it is: what makes digests is loaded only where something is new.
    if (order !== undefined) code = { ...code, "(order of inputs)": order };
    const { params, secrets = [], lock, config, reads = [] } = this.options;
    // What the wiring reads in a way that its code does not show may count for any step of its
    // own; those of a library have what they were given.
    const hidden = node.origin !== undefined || own.mentioned.includes("*") ? [] : reads;
    for (const name of hidden) if (!own.mentioned.includes(name)) names.add(name);
    const given = Object.entries(node.origin?.given ?? {}).filter(([, value]) =>
      !isDeclared(value) && value !== undefined
    );
    const texts: [name: string, text: string][] = [];
    const tell = (name: string, value: unknown) => {
      const plain = paramText(name, value);
      const isSecret = secrets.includes(name) || maskedText(plain) !== plain;
      texts.push([name, isSecret ? JSON.stringify(`secret ${sha256(plain)}`) : plain]);
    };
    const used = names.has("*") ? Object.keys(params) : [...names].filter((name) => name in params);
    for (const name of used.sort()) tell(name, params[name]);
    for (const [name, value] of given) tell(name, value);
    for (const name of own.env ?? []) {
      texts.push([`env ${name}`, sha256(JSON.stringify(variable(name) ?? null))]);
    }
    if (await this.isOfRun(node, chosen)) {
      texts.push(["(run)", JSON.stringify(this.options.partOf)]);
    }
    const paramOrder = names.has("*") ? orderOf(params) : undefined;
    if (paramOrder !== undefined) texts.push(["(order)", JSON.stringify(paramOrder)]);
    return {
      schema: FINGERPRINT_SCHEMA,
      code,
      ...chosen && { chosen },
      params: Object.fromEntries(texts),
      ...itemDigest !== undefined && { item: itemDigest },
      deno: Deno.version.deno,
      ...node.options.platform && { platform: Deno.build.target },
      config,
      lock,
    };
  }

  /** Whether a step runs each time, and so once in an orchestrated run. */
  async isOfRun(node: WorkNode, chosen: readonly string[] | undefined): Promise<boolean> {
    if (this.options.partOf === undefined) return false;
    const { unknown = [] } = await this.codeOf(node, chosen);
    return node.options.cache === false || unknown.length > 0;
  }

  /** The code that a step reaches, with those entries of tables or all. */
  codeOf(node: WorkNode, chosen: readonly string[] | undefined): Promise<StepCode> {
    const key = JSON.stringify([node.name, chosen]);
    let code = this.#code.get(key);
    if (code === undefined) {
      code = this.options.code(node, chosen);
      this.#code.set(key, code);
    }
    return code;
  }

  /** The entries of tables that a step chooses; undefined for all, or if they are not known. */
  async #chosen(
    node: WorkNode,
    item: Item | undefined,
    inputs: InputDigests,
  ): Promise<readonly string[] | undefined> {
    const choice = node.origin?.choice;
    if (choice === undefined) return undefined;
    const { input, pick } = choice;
    const sorted = (told: unknown) => [...new Set(pick(told))].sort();
    if (input === undefined) return sorted(item?.value);
    const digest = inputs[input];
    if (digest === undefined) return undefined;
    const key = `${node.name} ${digest}`;
    const found = this.#told.get(key) ??
      this.artifacts.get(digest).then(sorted, (error) => {
        if (!(error instanceof ArtifactMissing)) throw error;
        return undefined;
      });
    this.#told.set(key, found);
    return await found;
  }
}

/** The names of properties in their order, which a step may see; undefined if it is the alphabet's. */
function orderOf(object: object): string | undefined {
  const names = Object.keys(object);
  return names.every((name, i) => i === 0 || names[i - 1] <= name) ? undefined : names.join();
}

/** An environment variable; undefined if it may not be read, as then no step reads it either. */
function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

async function digestOrUndefined(value: unknown): Promise<string | undefined> {
  try {
    return await digestOf(encode(value).document);
  } catch (error) {
    if (error instanceof UnkeepableError) return undefined;
    throw error;
  }
}

function paramText(name: string, value: unknown): string {
  try {
    return new TextDecoder().decode(encode(value).document);
  } catch (error) {
    if (!(error instanceof UnkeepableError)) throw error;
    throw new UserError(`Cannot hash the parameter "${name}": ${error.message}`, {
      next: "use plain data for parameters",
    });
  }
}

/** `Deno.jupyter` as cells know it: what is shown, in which forms, and messages of comms. */

import type { HostMessage } from "./messages.ts";

type Send = (type: string, content: unknown, more?: Partial<HostMessage>) => void;

/** Hears the messages of a comm. */
export type CommListener = (type: string, content: Record<string, unknown>) => void;

const display = Symbol.for("Jupyter.display");

/** Makes the parts. */
export function jupyterApi(send: Send): {
  readonly jupyter: typeof Deno.jupyter;
  format(value: unknown): Promise<Record<string, unknown>>;
  comm(type: string, content: unknown): void;
} {
  const listeners = new Map<string, CommListener>();
  const shown = (type: string) => (strings: TemplateStringsArray, ...values: unknown[]) => {
    const text = String.raw({ raw: strings }, ...values);
    return { [display]: () => ({ [type]: text }) };
  };
  const image = (given: string | Uint8Array) => {
    const bytes = typeof given === "string" ? Deno.readFileSync(given) : given;
    const kind = bytes[0] === 0xff ? "jpeg" : "png";
    if (kind === "png" && bytes[0] !== 0x89) {
      throw new TypeError("Cannot show what is no PNG or JPEG");
    }
    return { [display]: () => ({ [`image/${kind}`]: base64(bytes) }) };
  };
  // deno-lint-ignore require-await -- a message is on its way at once, its type says promise
  const broadcast = async (
    type: string,
    content: Record<string, unknown>,
    { metadata, buffers }: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] } = {},
  ) => send(type, content, { metadata, buffers: buffers?.map(base64) });
  const jupyter = {
    $display: display,
    broadcast,
    async display(
      value: unknown,
      { raw, update, display_id }: { raw?: boolean; update?: boolean; display_id?: string } = {},
    ) {
      const data = raw ? value : await format(value);
      const transient = display_id === undefined ? {} : { display_id };
      const type = update ? "update_display_data" : "display_data";
      send(type, { data, metadata: {}, transient });
    },
    format,
    md: shown("text/markdown"),
    html: shown("text/html"),
    svg: shown("image/svg+xml"),
    image,
    /** Hears what a front end sends to a comm, by its target or its id. */
    onComm: (name: string, listener: CommListener) => void listeners.set(name, listener),
  };
  return {
    jupyter: jupyter as unknown as typeof Deno.jupyter,
    format,
    comm(type, content) {
      const said = content as { comm_id: string; target_name?: string };
      const listener = listeners.get(said.comm_id) ?? listeners.get(said.target_name ?? "");
      if (listener !== undefined) listener(type, content as Record<string, unknown>);
      else if (type === "comm_open") send("comm_close", { comm_id: said.comm_id, data: {} });
      if (type === "comm_close") listeners.delete(said.comm_id);
    },
  };
}

/** The forms of a value, by media type. */
async function format(value: unknown): Promise<Record<string, unknown>> {
  const plain = () => ({ "text/plain": Deno.inspect(value, { colors: !Deno.noColor }) });
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return plain();
  const object = value as Record<string | symbol, unknown>;
  if (typeof object[display] === "function") {
    const data = await (object[display] as () => unknown).call(object);
    if (typeof data === "object" && data !== null) return data as Record<string, unknown>;
    return { "text/plain": String(data) };
  }
  if (typeof object.toDataURL === "function") {
    const [, type, data] = /^data:([^;]+);base64,(.*)$/s.exec(
      String((object.toDataURL as () => unknown).call(object)),
    ) ?? [];
    if (type !== undefined) return { [type]: data };
  }
  const schema = object.$schema ?? (object.spec as Record<string, unknown> | undefined)?.$schema;
  const vega = typeof schema === "string" && /vega(-lite)?\/v(\d)/.exec(schema);
  if (vega) {
    const kind = vega[1] === undefined ? "vega" : "vegalite";
    return { [`application/vnd.${kind}.v${vega[2]}+json`]: object.spec ?? object, ...plain() };
  }
  return plain();
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

/** Values that several steps read, so that none of them can change what the others see. */

import { UserError } from "../base/mod.ts";
import { isDense, isFrame } from "./codec.ts";
import { codecFor } from "./own_codec.ts";

/** Copies that hold nothing that could be changed: every reader may have the same. */
const unchangeable = new WeakSet<object>();

/**
 * A copy of a value that is frozen as far as that is possible. What cannot be frozen (typed
 * arrays, maps, sets, dates, instances with a codec) is copied for whoever asks, the rest only
 * once: copying a copy is cheap. Other instances and functions are left as they are.
 */
export function shareValue(value: unknown): unknown {
  return new Copier().copy(value);
}

/** Does the work of a step; an attempt to change an input is told as that. */
export async function explained(
  { name }: { readonly name: string },
  work: () => unknown,
): Promise<unknown> {
  try {
    return await work();
  } catch (cause) {
    const frozen = cause instanceof TypeError &&
      /read only property|not extensible|^Cannot (delete|redefine) property/.test(cause.message);
    if (!frozen) throw cause;
    throw new UserError(
      `Cannot change a value in step ${name} that others read: ${cause.message}`,
      {
        cause,
        next: "change a copy of it, as structuredClone(…) or [...list] gives",
      },
    );
  }
}

class Copier {
  readonly #copies = new Map<object, unknown>();
  /** Whether something was copied that can be changed. */
  #changeable = false;
  #depth = 0;

  copy(value: unknown): unknown {
    if (typeof value !== "object" || value === null || unchangeable.has(value)) return value;
    if (this.#copies.has(value)) {
      this.#changeable = true; // a circle, or not known any more
      return this.#copies.get(value);
    }
    if (isFrame(value)) return value;
    const prototype = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) {
      if (!isDense(value)) return this.#container(value, Object.assign(value.slice(), value));
      return this.#container(value, value.slice(), value.keys());
    }
    if (prototype === Object.prototype) return this.#container(value, { ...value });
    if (prototype === null) {
      return this.#container(value, Object.assign(Object.create(null), value));
    }
    const copy = this.#single(value, prototype);
    if (copy !== value) this.#changeable = true;
    this.#copies.set(value, copy);
    return copy;
  }

  /** Puts copies in place of what a copied object or list holds, and freezes it. */
  #container(
    value: object,
    copied: object,
    keys: Iterable<string | number> = Object.keys(copied),
  ): object {
    const copy = copied as Record<string | number, unknown>;
    this.#copies.set(value, copy);
    this.#depth++;
    const outer = this.#changeable;
    this.#changeable = false;
    for (const key of keys) {
      const inner = copy[key];
      if (typeof inner !== "object" || inner === null || key === "__proto__") continue;
      copy[key] = this.copy(inner);
    }
    Object.freeze(copy);
    // Of what lies deep the whole is known; to know each part would cost more than it spares.
    if (!this.#changeable && this.#depth <= 2) unchangeable.add(copy);
    this.#depth--;
    this.#changeable ||= outer;
    return copy;
  }

  #single(value: object, prototype: object): unknown {
    if (ArrayBuffer.isView(value)) return copyOfView(value);
    if (prototype === Date.prototype) return new Date(value as Date);
    if (prototype === Map.prototype) {
      const map = value as Map<unknown, unknown>;
      return new Map(Array.from(map, ([key, inner]) => [this.copy(key), this.copy(inner)]));
    }
    if (prototype === Set.prototype) {
      return new Set(Array.from(value as Set<unknown>, (inner) => this.copy(inner)));
    }
    const own = codecFor(value);
    return own ? own.decode(this.copy(own.encode(value))) : value;
  }
}

/** The same numbers in memory of their own, shared between threads where they were. */
function copyOfView(view: ArrayBufferView): ArrayBufferView {
  const shared = view.buffer instanceof SharedArrayBuffer;
  const buffer = shared ? new SharedArrayBuffer(view.byteLength) : new ArrayBuffer(view.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return new (view.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView)(buffer);
}

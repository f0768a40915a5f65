/** The parameters as the wiring sees them: what it reads is recorded, nothing is changed. */

/** Parameters that tell what is read of them while the pipeline is wired. */
export interface TracedParams {
  /** For the wiring, and later for its steps. */
  readonly params: unknown;
  /** Ends the recording; from then on they are plain values. */
  stop(): readonly string[];
}

/** Copies parameters so that steps cannot change what others read. */
export function traceParams(given: unknown): TracedParams {
  if (typeof given !== "object" || given === null) return { params: given, stop: () => [] };
  const read = new Set<string>();
  const params = Object.create(Object.getPrototypeOf(given)) as Record<string, unknown>;
  const values = Object.entries(given).map(([name, value]) => [name, frozenCopy(value)] as const);
  for (const [name, value] of values) {
    const get = () => {
      read.add(name);
      return value;
    };
    Object.defineProperty(params, name, { enumerable: true, configurable: true, get });
  }
  return {
    params: Object.preventExtensions(params),
    stop() {
      for (const [name, value] of values) Object.defineProperty(params, name, { value });
      Object.freeze(params);
      return [...read];
    },
  };
}

/** A copy of plain objects and lists that nobody can change; other values are what they are. */
function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, frozenCopy(inner)])),
  );
}

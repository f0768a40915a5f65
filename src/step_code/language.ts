/** What is known of the names that the language and its surroundings bring along. */

/** The words of a text. */
export const wordSet = (text: string) => new Set(text.split(" "));

/** Functions and constructors of the language that only make a value. */
export const makers = wordSet(
  "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Blob Boolean DataView Date Error " +
    "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError Float32Array " +
    "Float64Array Int16Array Int32Array Int8Array Map Number Object RegExp Set SharedArrayBuffer " +
    "String Symbol TextDecoder TextEncoder URL URLSearchParams Uint16Array Uint32Array Uint8Array " +
    "Uint8ClampedArray WeakMap WeakSet AbortController parseFloat parseInt isNaN isFinite " +
    "structuredClone atob btoa",
);

/** Objects of the language whose functions only make a value, with those that do not. */
export const libraries: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries({
  Array: wordSet("fromAsync"),
  BigInt: wordSet(""),
  Date: wordSet(""),
  Intl: wordSet(""),
  JSON: wordSet(""),
  Math: wordSet(""),
  Number: wordSet(""),
  Object: wordSet(
    "assign create defineProperties defineProperty freeze getPrototypeOf preventExtensions seal " +
      "setPrototypeOf",
  ),
  String: wordSet(""),
  Symbol: wordSet(""),
  Float32Array: wordSet(""),
  Float64Array: wordSet(""),
  Int32Array: wordSet(""),
  Uint8Array: wordSet(""),
  performance: wordSet("mark measure"),
}));

/** Objects of the system that can be read. */
export const surroundings = wordSet("Deno navigator");

/** Methods that leave what they are called on alone. */
export const readers = wordSet(
  "at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast " +
    "findLastIndex flat flatMap forEach get getTime has includes indexOf join keys lastIndexOf " +
    "localeCompare map match matchAll normalize padEnd padStart reduce reduceRight repeat " +
    "replace replaceAll search slice some split startsWith substring subarray toFixed " +
    "toISOString toJSON toLocaleString toLowerCase toReversed toSorted toSpliced toString " +
    "toUpperCase trim trimEnd trimStart values with",
);

/** Functions that call what they are given, by its place among their arguments. */
export const callbackAt: ReadonlyMap<string, number> = new Map([
  ...Array.from(
    wordSet(
      "every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight " +
        "some sort toSorted",
    ),
    (name) => [name, 0] as const,
  ),
  ...Array.from(
    wordSet("from groupBy parse replace replaceAll stringify"),
    (name) => [name, 1] as const,
  ),
]);

/** Functions whose result holds what their callback gives. */
export const mapping = wordSet("flatMap from map parse reduce reduceRight");

/** Methods that give an iterator, which is used up by who reads it. */
export const iterators = wordSet("entries keys matchAll values");

/** Properties under which the language calls functions of an object by itself. */
export const called = wordSet("then toJSON toString valueOf");

/** Names that a method of the language has, so that an object's own could stand in its place. */
export function isMethodName(name: string): boolean {
  return readers.has(name) || changers.has(name) || called.has(name);
}

/** Methods that change only what they are called on. */
export const changers = wordSet(
  "add append clear copyWithin delete fill pop push reverse set shift sort " +
    "splice unshift",
);

/** Methods of zod that run functions of the schema, or change something beside it. */
export const zodEffects = wordSet(
  "config decode decodeAsync encode encodeAsync globalRegistry parse parseAsync register registry " +
    "safeDecode safeDecodeAsync safeEncode safeEncodeAsync safeParse safeParseAsync setErrorMap " +
    "spa toJSONSchema",
);

/** Words of code that may change what other objects of the language do. */
export const reflective = wordSet(
  "Reflect __defineGetter__ __defineSetter__ __proto__ defineProperties defineProperty " +
    "getPrototypeOf globalThis prototype self setPrototypeOf window",
);

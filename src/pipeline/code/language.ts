/** What is known of the names that the language and its surroundings bring along. */

/** The words of a text. */
export const words = (text: string) => new Set(text.split(" "));

/** Functions and constructors of the language that only make a value. */
export const makers = words(
  "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Blob Boolean DataView Date Error " +
    "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError Float32Array " +
    "Float64Array Int16Array Int32Array Int8Array Map Number Object RegExp Set SharedArrayBuffer " +
    "String Symbol TextDecoder TextEncoder URL URLSearchParams Uint16Array Uint32Array Uint8Array " +
    "Uint8ClampedArray WeakMap WeakSet AbortController parseFloat parseInt isNaN isFinite " +
    "structuredClone atob btoa",
);

/** Objects of the language whose functions only make a value, with those that do not. */
export const libraries: Readonly<Record<string, ReadonlySet<string>>> = {
  Array: words("fromAsync"),
  BigInt: words(""),
  Date: words(""),
  Intl: words(""),
  JSON: words(""),
  Math: words(""),
  Number: words(""),
  Object: words(
    "assign create defineProperties defineProperty freeze getPrototypeOf preventExtensions seal " +
      "setPrototypeOf",
  ),
  String: words(""),
  Symbol: words(""),
  Float32Array: words(""),
  Float64Array: words(""),
  Int32Array: words(""),
  Uint8Array: words(""),
  performance: words("mark measure"),
};

/** Objects of the system that can be read. */
export const surroundings = words("Deno navigator");

/** Methods that leave what they are called on alone. */
export const readers = words(
  "at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast " +
    "findLastIndex flat flatMap forEach get getTime has includes indexOf join keys lastIndexOf " +
    "localeCompare map match matchAll normalize padEnd padStart reduce reduceRight repeat " +
    "replace replaceAll search slice some split startsWith substring subarray toFixed " +
    "toISOString toJSON toLocaleString toLowerCase toReversed toSorted toSpliced toString " +
    "toUpperCase trim trimEnd trimStart values with",
);

/** Methods that give an iterator, which is used up by who reads it. */
export const iterators = words("entries keys matchAll values");

/** Properties under which the language calls functions of an object by itself. */
export const called = words("then toJSON toString valueOf");

/** Methods that change only what they are called on. */
export const changers = words(
  "add append clear copyWithin delete fill pop push reverse set shift sort " +
    "splice unshift",
);

/** Methods of zod that change something beside the schema. */
export const zodEffects = words("config globalRegistry register registry");

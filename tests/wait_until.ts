/** Waiting with a limit: what does not come has a name, and no test hangs. */

/** How often a condition is looked at, in milliseconds. */
const PAUSE = 5;

/** Seconds for what takes a moment; a machine that is busy with other tests may take many. */
const PATIENCE = 120;

/**
 * Waits until a condition holds.
 *
 * @param what What is waited for, as "the second run has begun".
 * @throws {Error} that names it, after so many seconds.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: string,
  seconds = PATIENCE,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`Waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/**
 * The result of what is waited for.
 *
 * @throws {Error} that names it, after so many seconds.
 */
export async function within<T>(
  awaited: Promise<T>,
  what: string,
  seconds = PATIENCE,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`Waited ${seconds} s in vain until ${what}`);
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads up to and with a text, and gives all that was read.
 *
 * @throws {Error} that names it, after so many seconds or at the end of the stream.
 */
export async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  wanted: string,
  seconds = PATIENCE,
): Promise<string> {
  let text = "";
  while (!text.includes(wanted)) {
    const { value, done } = await within(reader.read(), `"${wanted}" is told`, seconds);
    if (done) throw new Error(`It ended without "${wanted}":\n${text}`);
    text += value;
  }
  return text;
}

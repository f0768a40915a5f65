/**
 * The operating system's lock on a file: it ends with its process, however that ends, so none is
 * ever left behind and no process id is compared.
 */

import { dirname } from "./path.ts";

/** Who works under a lock. */
export interface LockHolder {
  /** What it does, as messages name it. */
  readonly what: string;
  /** Its machine. */
  readonly host: string;
  /** Its process. */
  readonly pid: number;
  /** Since when, in ISO 8601. */
  readonly since: string;
}

/** A lock that was taken, or who has it. */
export type LockAnswer = { readonly lock: Disposable } | { readonly holder: LockHolder };

/** A holder that is this process. */
export function thisHolder(what: string): LockHolder {
  return { what, host: Deno.hostname(), pid: Deno.pid, since: new Date().toISOString() };
}

/** Who holds a lock, in words: `run train_… (process 71 on lab3, for 12 s)`. */
export function holderText({ what, host, pid, since }: LockHolder): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
  return `${what} (process ${pid} on ${host}, for ${seconds} s)`;
}

/**
 * Takes the lock that `path` stands for, or tells who has it. The file is there while the lock
 * is held, and says whose it is.
 *
 * @param what What is done under it, as messages name it.
 */
export function tryFileLock(path: string, what: string): LockAnswer {
  for (;;) {
    const file = openLock(path);
    if (!file.tryLockSync(true)) {
      file.close();
      return { holder: readHolder(path) };
    }
    const { ino, size } = file.statSync();
    // A holder removes the file in the end: a lock on one that is gone keeps nobody out.
    if (inodeOf(path) !== ino) {
      file.close();
      continue;
    }
    try {
      if (size > 0) file.truncateSync();
      file.writeSync(new TextEncoder().encode(JSON.stringify(thisHolder(what))));
    } catch {
      // On a full disk the lock holds all the same; it only cannot say whose it is.
    }
    return { lock: { [Symbol.dispose]: () => closeLock(file, path) } };
  }
}

/**
 * Says that a file is in use until the result is disposed of, or this process ends. Many may
 * use it at once; the permission to read is enough.
 *
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export function useFile(path: string): Disposable {
  const file = Deno.openSync(path);
  // Where a file system knows no locks, nobody can be told; the file can be used all the same.
  try {
    file.lockSync(false); // whoever looks whether it is used has it for a moment only
  } catch {
    file.close();
    return { [Symbol.dispose]: () => {} };
  }
  return { [Symbol.dispose]: () => file.close() };
}

/** Whether some process of this machine uses a file, as {@linkcode useFile} says it. */
export function isFileInUse(path: string): boolean {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  try {
    return !file.tryLockSync(true);
  } finally {
    file.close();
  }
}

function inodeOf(path: string): number | null | undefined {
  try {
    return Deno.statSync(path).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function openLock(path: string): Deno.FsFile {
  const open = () => Deno.openSync(path, { create: true, read: true, write: true });
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.mkdirSync(dirname(path), { recursive: true });
    return open();
  }
}

function closeLock(file: Deno.FsFile, path: string): void {
  try {
    Deno.removeSync(path); // before it is let go: later it may be another's
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && Deno.build.os !== "windows") throw error;
  } finally {
    file.close();
  }
}

function readHolder(path: string): LockHolder {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch {
    return { ...thisHolder("another process"), pid: 0 }; // it is about to write this, or has ended
  }
}

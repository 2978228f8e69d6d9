/** A cache bounded in bytes: the longest unused goes first, unless someone still shows it. */

interface Held<T> {
  readonly value: T;
  readonly bytes: number;
}

export class ByteCache<T> {
  readonly #held = new Map<string, Held<T>>();
  readonly #limit: number;
  readonly #drop: (value: T) => void;
  readonly #inUse: (value: T) => boolean;
  #bytes = 0;

  constructor(limit: number, drop: (value: T) => void = () => {}, inUse: (value: T) => boolean = () => false) {
    this.#limit = limit;
    this.#drop = drop;
    this.#inUse = inUse;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  /** The value, which becomes the most recently used. */
  get(key: string): T | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.value;
  }

  set(key: string, value: T, bytes: number): void {
    this.delete(key);
    this.#held.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [old, held] of this.#held) {
      if (this.#bytes <= this.#limit) break;
      if (old !== key && !this.#inUse(held.value)) this.delete(old);
    }
  }

  delete(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    this.#bytes -= held.bytes;
    this.#drop(held.value);
  }

  clear(): void {
    for (const key of [...this.#held.keys()]) this.delete(key);
  }
}

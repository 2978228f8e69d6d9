/** Fetches what is wanted, the most urgent first, a few at a time; what is no longer wanted is given up. */

import { ByteCache } from "./lru";
import { linkIsSlow, memoryBudget } from "./prefetch";

export interface Job {
  readonly key: string;
  readonly url: string;
  readonly kind: "preview" | "raw";
  /** The reader is waiting for this one: on a slow link nothing else runs beside it. */
  readonly urgent: boolean;
}

interface Failure {
  readonly tries: number;
  readonly retryAt: number;
  readonly gone: boolean;
}

const RAW_BYTES = 64 * 1024 * 1024;
const TRIES = 4;
/** Answers slower than this are asked for two at a time, whatever the browser believes of the link (ms). */
const SLOW_ANSWER = 600;

export class Loader {
  readonly previews: ByteCache<ImageBitmap>;
  readonly raw = new ByteCache<ArrayBuffer>(RAW_BYTES);
  readonly #running = new Map<string, AbortController>();
  readonly #failures = new Map<string, Failure>();
  readonly #onChange: () => void;
  #wanted: readonly Job[] = [];
  #gone = 0;
  /** Smoothed time of an answer, ms: what a slow link and a busy server have in common. */
  #pace = 0;
  #answers = 0;
  #retry = 0;

  /** `inUse` protects pictures that are on screen; `onChange` is called when something arrived or failed. */
  constructor(inUse: (bitmap: ImageBitmap) => boolean, onChange: () => void) {
    this.#onChange = onChange;
    this.previews = new ByteCache<ImageBitmap>(memoryBudget(navigator), (bitmap) => bitmap.close(), inUse);
  }

  /** Whether a key has failed for good: "gone" when the server does not show it, "broken" otherwise. */
  failure(key: string): "gone" | "broken" | null {
    const failure = this.#failures.get(key);
    if (failure === undefined || (!failure.gone && failure.tries < TRIES)) return null;
    return failure.gone ? "gone" : "broken";
  }

  /** Replaces the list of what is wanted, most urgent first. */
  want(jobs: readonly Job[]): void {
    this.#wanted = jobs;
    const keys = new Set(jobs.map((job) => job.key));
    for (const [key, controller] of this.#running) {
      if (!keys.has(key)) controller.abort();
    }
    this.#start();
  }

  /** Forgets failures, for a reader who asks to try again. */
  forgive(): void {
    this.#failures.clear();
    this.#gone = 0;
    this.#start();
  }

  stop(): void {
    this.want([]);
    clearTimeout(this.#retry);
    this.previews.clear();
    this.raw.clear();
  }

  #has(job: Job): boolean {
    return job.kind === "raw" ? this.raw.has(job.key) : this.previews.has(job.key);
  }

  #mayTry(job: Job): boolean {
    const failure = this.#failures.get(job.key);
    return failure === undefined || (!failure.gone && failure.tries < TRIES && failure.retryAt <= Date.now());
  }

  #start(): void {
    // A release that is no longer open answers "not found" for every slice: a few are proof enough.
    if (this.#gone >= 3) return;
    const open = this.#wanted.filter((job) => !this.#has(job));
    const waiting = open.some((job) => job.urgent && this.#mayTry(job));
    const slow = linkIsSlow(navigator) || this.#pace > SLOW_ANSWER;
    const alone = waiting && (slow || this.#answers === 0);
    const limit = slow ? 2 : 6;
    for (const job of open) {
      if (this.#running.size >= limit) return;
      if (alone && !job.urgent) return;
      if (!this.#running.has(job.key) && this.#mayTry(job)) void this.#fetch(job);
    }
  }

  async #fetch(job: Job): Promise<void> {
    const controller = new AbortController();
    this.#running.set(job.key, controller);
    const began = performance.now();
    try {
      const response = await fetch(job.url, {
        signal: controller.signal,
        priority: job.urgent ? "high" : "low",
        headers: { Accept: job.kind === "raw" ? "application/octet-stream" : "image/webp" },
      });
      if (!response.ok) {
        this.#fail(job, response.status >= 400 && response.status < 500 && response.status !== 429);
      } else if (job.kind === "raw") {
        const bytes = await response.arrayBuffer();
        this.raw.set(job.key, bytes, bytes.byteLength);
      } else {
        const bitmap = await createImageBitmap(await response.blob());
        this.previews.set(job.key, bitmap, bitmap.width * bitmap.height * 4);
      }
      this.#answers += 1;
      this.#pace += (performance.now() - began - this.#pace) / 4;
    } catch {
      if (!controller.signal.aborted) this.#fail(job, false);
    } finally {
      this.#running.delete(job.key);
    }
    this.#onChange();
    this.#start();
  }

  #fail(job: Job, gone: boolean): void {
    const tries = (this.#failures.get(job.key)?.tries ?? 0) + 1;
    const pause = 500 * 3 ** tries;
    this.#failures.set(job.key, { tries, retryAt: Date.now() + pause, gone });
    if (gone) this.#gone += 1;
    if (gone || tries >= TRIES) return;
    clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#start(), pause + 10);
  }
}

/** One intake: opens it, sends its files three at a time over tus, survives a broken network, completes it. */

import { type DetailedError, Upload } from "tus-js-client";
import { choicePrint, contentPrint, storedPrint } from "./fingerprint";
import { extensionClass } from "./gather";

export interface Progress {
  readonly sent: number;
  readonly total: number;
  readonly files: number;
  readonly count: number;
}

export interface BatchTarget {
  progress(progress: Progress): void;
  waiting(isWaiting: boolean): void;
}

export interface Doors {
  readonly intakes: string;
  readonly endpoint: string;
  readonly csrf: string;
}

/** The server said no: trying again would not help. */
export class RefusedUpload extends Error {
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

interface OpenIntake {
  readonly choice: string;
  readonly id: string;
  readonly url: string;
  readonly done: string[];
}

const CHUNK = 4 * 1024 * 1024;
const AT_ONCE = 3;
const WAIT_MS = 8000;
const STORED = "confrere.openIntake";

/** Whether the same request may succeed later: no answer, a busy server, a lock. */
export const mayRetry = (status: number): boolean => status === 0 || status >= 500 || [423, 429].includes(status);

/** The server's own sentence, when it sent one as {"message": …}. */
export function wordsOf(body: string): string {
  try {
    const message = (JSON.parse(body) as { message?: unknown }).message;
    return typeof message === "string" ? message.slice(0, 300) : "";
  } catch {
    return "";
  }
}

export class Batch {
  readonly #files: readonly File[];
  readonly #doors: Doors;
  readonly #target: BatchTarget;
  readonly #sent: number[];
  readonly #active = new Set<Upload>();
  #done = 0;
  #paused = false;
  #resumed: () => void = () => {};

  constructor(files: readonly File[], doors: Doors, target: BatchTarget) {
    this.#files = files;
    this.#doors = doors;
    this.#target = target;
    this.#sent = files.map(() => 0);
  }

  /** The intake's id once all is sent and completed; RefusedUpload when the server says no. */
  async run(): Promise<string> {
    const prints = await Promise.all(this.#files.map(contentPrint));
    const intake = await this.#open(await choicePrint(prints));
    const queue = this.#files.map((file, i) => ({ file, i, print: prints[i] ?? "" }));
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await this.#send(next.file, next.i, next.print, intake);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await this.#post(`${this.#doors.intakes}${intake.id}/complete`);
    sessionStorage.removeItem(STORED);
    return intake.id;
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
    for (const upload of this.#active) void upload.abort();
  }

  resume(): void {
    this.#paused = false;
    for (const upload of this.#active) upload.start();
    this.#resumed();
  }

  /** Gives up; the intake stays open on the server until it is chosen again or expires there. */
  abandon(): void {
    this.pause();
    this.#active.clear();
  }

  async #open(choice: string): Promise<OpenIntake> {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as OpenIntake | null;
    if (stored?.choice === choice) return stored;
    const answer = JSON.parse(await this.#post(this.#doors.intakes)) as { id: string; upload_url?: string };
    const intake = { choice, id: answer.id, url: answer.upload_url ?? this.#doors.endpoint, done: [] };
    this.#keep(intake);
    return intake;
  }

  #keep(intake: OpenIntake): void {
    sessionStorage.setItem(STORED, JSON.stringify(intake));
  }

  async #post(url: string): Promise<string> {
    for (;;) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.#doors.csrf },
        body: "{}",
      }).catch(() => null);
      if (response?.ok) return response.text();
      if (response !== null && !mayRetry(response.status)) throw this.#refusal(response.status, await response.text());
      await this.#wait();
    }
  }

  #refusal(status: number, body: string): RefusedUpload {
    // An intake the server no longer takes must not be offered to the next try.
    if (![401, 403].includes(status)) sessionStorage.removeItem(STORED);
    return new RefusedUpload(status, wordsOf(body));
  }

  async #send(file: File, i: number, print: string, intake: OpenIntake): Promise<void> {
    if (!intake.done.includes(print)) await this.#transfer(file, i, await storedPrint(print, intake.id), intake);
    intake.done.push(print);
    this.#keep(intake);
    this.#sent[i] = file.size;
    this.#done += 1;
    this.#tell();
  }

  async #transfer(file: File, i: number, name: string, intake: OpenIntake): Promise<void> {
    await this.#notPaused();
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(file, {
        endpoint: intake.url,
        chunkSize: CHUNK,
        retryDelays: [0, 1000, 3000, 5000],
        removeFingerprintOnSuccess: true,
        fingerprint: () => Promise.resolve(name),
        metadata: { intake: intake.id, ext: extensionClass(file.name), client: crypto.randomUUID() },
        headers: { "X-CSRFToken": this.#doors.csrf },
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() ?? 0;
          // 409: the offsets disagree after a broken request; tus asks the server where it stands and goes on.
          return status === 409 || mayRetry(status);
        },
        onProgress: (sent) => {
          this.#sent[i] = sent;
          this.#tell();
        },
        onSuccess: () => {
          this.#active.delete(upload);
          resolve();
        },
        onError: (error) => {
          const answer = "originalResponse" in error ? (error as DetailedError).originalResponse : null;
          const status = answer?.getStatus() ?? 0;
          if (mayRetry(status)) return void this.#wait().then(() => this.#paused || upload.start());
          // Read before the other uploads are stopped: that empties the answer.
          const body = answer?.getBody() ?? "";
          this.abandon();
          reject(this.#refusal(status, body));
        },
      });
      this.#active.add(upload);
      void upload.findPreviousUploads().then(([earlier]) => {
        if (earlier !== undefined) upload.resumeFromPreviousUpload(earlier);
        if (!this.#paused) upload.start();
      });
    });
  }

  #notPaused(): Promise<void> {
    if (!this.#paused) return Promise.resolve();
    return new Promise((resolve) => {
      const before = this.#resumed;
      this.#resumed = () => {
        before();
        resolve();
      };
    });
  }

  /** Until the browser says the network is back, or a while. */
  #wait(): Promise<void> {
    this.#target.waiting(true);
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        window.removeEventListener("online", go);
        this.#target.waiting(false);
        resolve();
      };
      const timer = setTimeout(go, WAIT_MS);
      window.addEventListener("online", go);
    });
  }

  #tell(): void {
    const total = this.#files.reduce((sum, file) => sum + file.size, 0);
    const sent = this.#sent.reduce((sum, part) => sum + part, 0);
    this.#target.progress({ sent, total, files: this.#done, count: this.#files.length });
  }
}

/** Entry of live.js: server-sent events become DOM events `confrere:<kind>` on the body, for htmx and the islands.
 *
 * `<meta name="confrere-events" content="/events/" data-kinds="comment draft">`; an event without a name carries its
 * kind as `{"kind": "comment", …}`. `body[data-live]` says "open" or "lost".
 */

import { emit } from "./dom";
import { backOff, readMessage, withLast } from "./live/message";

class Live {
  readonly #url: string;
  readonly #kinds: readonly string[];
  #source: EventSource | null = null;
  #last = "";
  #tries = 0;
  #timer = 0;

  constructor(url: string, kinds: readonly string[]) {
    this.#url = url;
    this.#kinds = kinds;
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", () => this.#open());
    window.addEventListener("online", () => this.#open());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#open());
    this.#open();
  }

  #open(): void {
    if (this.#source !== null) return;
    clearTimeout(this.#timer);
    // The browser resends Last-Event-ID only while it keeps the same source; a new one is told in the address.
    const source = new EventSource(withLast(this.#url, this.#last), { withCredentials: true });
    this.#source = source;
    source.addEventListener("open", () => {
      this.#tries = 0;
      this.#state("open");
    });
    source.addEventListener("error", () => {
      this.#state("lost");
      if (source.readyState === EventSource.CLOSED) this.#later();
    });
    const take = (event: MessageEvent<string>): void => this.#take(event);
    source.addEventListener("message", take);
    for (const kind of this.#kinds) source.addEventListener(kind, take as (event: Event) => void);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #later(): void {
    this.#close();
    this.#timer = window.setTimeout(() => this.#open(), backOff(this.#tries, Math.random()));
    this.#tries += 1;
  }

  #take(event: MessageEvent<string>): void {
    if (event.lastEventId !== "") this.#last = event.lastEventId;
    const message = readMessage(event.type, event.data);
    if (message !== null) emit(document.body, `confrere:${message.kind}`, message.detail);
  }

  #state(state: "open" | "lost"): void {
    if (document.body.dataset["live"] === state) return;
    document.body.dataset["live"] = state;
    emit(document.body, "confrere:live", { state });
  }
}

const meta = document.querySelector<HTMLMetaElement>("meta[name=confrere-events]");
if (meta !== null && meta.content !== "") {
  new Live(
    meta.content,
    (meta.dataset["kinds"] ?? "").split(/\s+/).filter((kind) => kind !== ""),
  );
}

/** Entry of upload.js: files, folders, drops and pastes on `<form data-upload>` become one intake.
 *
 * Out: `confrere:uploaded` {intake}, then the page named by `data-next` with {id}. No file name ever leaves.
 */

import { embeddedJson, emit, make, mountEach, setText } from "./dom";
import { Batch, type Doors, type Progress, RefusedUpload } from "./upload/batch";
import { filesOf, filesOfDrop } from "./upload/gather";
import { say, translate, type Word } from "./words";

/** Bytes for people: "3.4 MB". */
export function bytesText(bytes: number): string {
  const unit = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["kB", 1e3];
  return `${(bytes / Number(unit[1])).toFixed(bytes >= 1e6 ? 1 : 0)} ${unit[0]}`;
}

const REFUSALS: Readonly<Record<number, Word>> = {
  401: "uploadSignedOut",
  403: "uploadSignedOut",
  413: "uploadTooLarge",
};

function csrfOf(form: HTMLElement): string {
  const hidden = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value;
  const meta = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content;
  return hidden ?? meta ?? /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

class UploadPanel {
  readonly #form: HTMLElement;
  readonly #status = make("p", "cu-status", { role: "status" });
  readonly #bytes = make("span", "cu-bytes");
  readonly #fill = make("div", "cu-fill");
  readonly #bar = make("div", "cu-bar", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 }, this.#fill);
  readonly #toggle = make("button", "cu-toggle", { type: "button" }, say("uploadPause"));
  readonly #panel = make("div", "cu-panel", {}, this.#status, this.#bar, this.#bytes, this.#toggle);
  #batch: Batch | null = null;

  constructor(form: HTMLElement) {
    this.#form = form;
    this.#bar.setAttribute("aria-label", say("uploadProgress"));
    this.#panel.hidden = true;
    form.append(this.#panel);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.#picked(event.target));
    form.addEventListener("dragover", (event) => this.#dragged(event, true));
    form.addEventListener("dragleave", (event) => this.#dragged(event, false));
    form.addEventListener("drop", (event) => this.#dropped(event));
    document.addEventListener("paste", (event) => this.#pasted(event));
    this.#toggle.addEventListener("click", () => this.#pauseOrResume());
    window.addEventListener("beforeunload", (event) => this.#batch !== null && event.preventDefault());
  }

  #picked(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement) || target.type !== "file") return;
    const files = filesOf(target.files);
    target.value = "";
    void this.#begin(files);
  }

  #dragged(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.#form.toggleAttribute("data-over", over);
  }

  #dropped(event: DragEvent): void {
    this.#dragged(event, false);
    if (event.dataTransfer === null) return;
    this.#say("uploadReading");
    void filesOfDrop(event.dataTransfer).then((files) => this.#begin(files));
  }

  #pasted(event: ClipboardEvent): void {
    const files = filesOf(event.clipboardData?.files ?? null);
    // Pasting words into a comment stays what it is.
    if (files.length === 0 || !this.#form.isConnected) return;
    event.preventDefault();
    void this.#begin(files);
  }

  async #begin(files: readonly File[]): Promise<void> {
    if (this.#batch !== null) return;
    if (files.length === 0) return this.#say("uploadNothing");
    this.#say("uploadPreparing", { count: files.length });
    const { intakes = "/intakes/", endpoint = "/uploads/" } = this.#form.dataset;
    const doors: Doors = { intakes, endpoint, csrf: csrfOf(this.#form) };
    const batch = new Batch(files, doors, {
      progress: (progress) => this.#progress(progress),
      waiting: (waiting) => waiting && this.#say("uploadWaiting"),
    });
    this.#batch = batch;
    this.#toggle.hidden = false;
    try {
      const intake = await batch.run();
      this.#batch = null;
      this.#say("uploadFinishing");
      emit(this.#form, "confrere:uploaded", { intake });
      const next = this.#form.dataset["next"];
      if (next !== undefined) location.assign(next.replace("{id}", encodeURIComponent(intake)));
    } catch (error) {
      this.#failed(error);
    }
    this.#toggle.hidden = true;
  }

  #failed(error: unknown): void {
    this.#batch = null;
    const status = error instanceof RefusedUpload ? error.status : 0;
    this.#say(REFUSALS[status] ?? "uploadRefused");
    if (error instanceof RefusedUpload && error.message !== "") this.#status.append(` ${error.message}`);
    this.#panel.dataset["state"] = "failed";
    emit(this.#form, "confrere:upload-failed", { status });
  }

  #progress({ sent, total, files, count }: Progress): void {
    const share = total === 0 ? 0 : Math.min(100, Math.floor((sent / total) * 100));
    this.#bar.setAttribute("aria-valuenow", String(share));
    this.#fill.style.width = `${share}%`;
    setText(this.#bytes, say("ofBytes", { done: bytesText(sent), all: bytesText(total) }));
    if (this.#batch?.paused === false) this.#say("uploadSending", { n: Math.min(count, files + 1), count });
  }

  #pauseOrResume(): void {
    const batch = this.#batch;
    if (batch === null) return;
    if (batch.paused) batch.resume();
    else batch.pause();
    setText(this.#toggle, say(batch.paused ? "uploadResume" : "uploadPause"));
    if (batch.paused) this.#say("uploadPaused");
  }

  #say(word: Word, values: Readonly<Record<string, string | number>> = {}): void {
    this.#panel.hidden = false;
    this.#panel.dataset["state"] = word;
    setText(this.#status, say(word, values));
  }
}

mountEach("form[data-upload]", (form) => {
  translate(embeddedJson(form, "data-words"));
  new UploadPanel(form);
});

/** Entry of desk.js: the clearance desk on `<section data-desk>`.
 *
 * The page's POST to `data-open` writes the look into the ledger; only then are pictures fetched. What is said stays here,
 * and can be undone, until it is sent to `data-approve`.
 */

import { Sheet } from "./desk/sheet";
import { Stage } from "./desk/stage";
import {
  type Asked,
  add,
  approve,
  approveAlike,
  approvedCount,
  begin,
  drop,
  go,
  History,
  nextOpen,
  nudge,
  type Picture,
  put,
  type State,
  select,
  shown,
  wordOn,
} from "./desk/state";
import { embeddedJson, make, mountEach, setText } from "./dom";
import { say, translate, type Word } from "./words";

/** Of one request; the server takes no body over 1 MiB. */
const AT_ONCE = 400;
const STEP = 4;
const ALL_FRAMES = -1;

class Desk {
  readonly #root: HTMLElement;
  readonly #history: History;
  readonly #stage: Stage;
  readonly #sheet: Sheet;
  readonly #reason = make("p", "ck-reason", { role: "status", "aria-live": "polite" });
  readonly #progress = make("p", "ck-progress", { role: "status" });
  readonly #fill = make("progress", "ck-fill", { max: 1 });
  readonly #fault = make("p", "notice warn", { role: "alert", hidden: true });
  readonly #frames = make("input", "ck-frames", { type: "range", min: 0, step: 1, value: 0 });
  readonly #frameLine = make("label", "ck-frame-line");
  readonly #remember = make("input", "", { type: "checkbox", id: "ck-remember" });
  readonly #buttons = new Map<Word, HTMLButtonElement>();
  #after = true;
  #place = 0;
  #open = false;
  #sending = false;
  #sent = false;

  constructor(root: HTMLElement, asked: readonly Asked[]) {
    this.#root = root;
    this.#history = new History(begin(asked));
    this.#stage = new Stage({
      select: (box) => this.#take(box < 0 ? { ...this.#now, box: -1 } : select(this.#now, box)),
      draw: (place) => this.#take(add(this.#now, place)),
      place: (place, first) => this.#take(put(this.#now, place), !first),
    });
    this.#sheet = new Sheet(this.#now, {
      go: (at) => this.#take(go(this.#now, at)),
      approveAlike: (at) => this.#take(approveAlike(go(this.#now, at))),
    });
    this.#build();
    root.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.#sent && approvedCount(this.#now) > 0) event.preventDefault();
    });
    this.#draw();
    void this.#openDesk();
  }

  get #now(): State {
    return this.#history.now;
  }

  #build(): void {
    const button = (word: Word, keys: string, act: () => void, name = "button small"): HTMLButtonElement => {
      const made = make("button", name, { type: "button", "aria-keyshortcuts": keys }, say(word));
      made.append(make("kbd", "", { "aria-hidden": "true" }, keys.replace("Shift+", "⇧")));
      made.addEventListener("click", act);
      this.#buttons.set(word, made);
      return made;
    };
    const tools = make(
      "div",
      "ck-tools",
      { role: "toolbar" },
      button("deskFlick", "Space", () => this.#flick()),
      button("deskDrop", "D", () => this.#take(drop(this.#now))),
      button("deskNew", "N", () => this.#take(add(this.#now))),
      button("deskUndo", "Z", () => this.#undo()),
      button("deskApprove", "A", () => this.#take(approve(this.#now)), "button small primary"),
      button("deskAlikeAll", "Shift+A", () => this.#take(approveAlike(this.#now))),
    );
    tools.setAttribute("aria-label", say("deskTools"));
    this.#frames.addEventListener("input", () => this.#frame(Number(this.#frames.value)));
    this.#frameLine.append(make("span"), this.#frames);
    const remember = make("label", "ck-remember", { for: "ck-remember" }, this.#remember, say("deskRemember"));
    const send = button("deskSend", "S", () => void this.#send(), "button primary");
    const foot = make("div", "ck-foot", {}, remember, this.#progress, this.#fill, send);
    this.#fill.setAttribute("aria-label", say("deskProgress"));
    const left = make("div", "ck-left", {}, this.#reason, this.#stage.root, this.#frameLine, tools);
    this.#root.append(this.#fault, make("div", "ck-desk", {}, left, this.#sheet.root), foot);
  }

  #url = (picture: Picture, place: number): string => `${this.#root.dataset["pictures"]}/${picture.id}/${place}`;

  async #openDesk(): Promise<void> {
    const answer = await this.#post(this.#root.dataset["open"] ?? "", "{}");
    if (answer === null || !answer.ok) return this.#say("deskNotOpened");
    this.#open = true;
    this.#sheet.load(this.#url, this.#now);
    this.#draw();
    this.#sheet.follow(this.#now, document.activeElement === document.body);
    this.#root.dataset["ready"] = "1";
  }

  async #post(url: string, body: string): Promise<Response | null> {
    const token = this.#root.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    return await fetch(url, { method: "POST", headers, body, credentials: "same-origin" }).catch(() => null);
  }

  #take(next: State, same = false): void {
    const before = this.#now;
    this.#history.take(next, same);
    if (this.#now.at !== before.at) this.#place = 0;
    this.#draw();
    if (this.#now.at !== before.at) {
      const inSheet = this.#sheet.root.contains(document.activeElement);
      this.#sheet.follow(this.#now, inSheet || document.activeElement === document.body);
    }
  }

  #undo(): void {
    this.#history.undo();
    this.#place = 0;
    this.#draw();
    this.#sheet.follow(this.#now, this.#sheet.root.contains(document.activeElement));
  }

  #flick(): void {
    this.#after = !this.#after;
    this.#draw();
  }

  #frame(place: number): void {
    const last = (shown(this.#now)?.pictures.length ?? 1) - 1;
    this.#place = Math.max(0, Math.min(last, place));
    this.#draw();
  }

  #draw(): void {
    const state = this.#now;
    const picture = shown(state);
    this.#sheet.show(state, this.#after);
    if (picture === undefined) return;
    const frame = picture.pictures[this.#place] ?? 0;
    const url = this.#open ? this.#url(picture, this.#place) : "";
    const single = picture.pictures.length === 1;
    this.#stage.show(picture, url, single ? ALL_FRAMES : frame, this.#after, state.box);
    this.#frameLine.hidden = single;
    this.#frames.max = String(picture.pictures.length - 1);
    this.#frames.value = String(this.#place);
    const line =
      frame === ALL_FRAMES ? say("deskAllFrames") : say("deskFrame", { n: frame + 1, count: picture.frames });
    if (this.#frameLine.firstElementChild !== null) setText(this.#frameLine.firstElementChild, line);
    const at = say("deskPicture", { n: state.at + 1, count: state.all.length });
    setText(this.#reason, `${at}. ${picture.fromDevice ? `${say("deskFromDevice")} ` : ""}${picture.reason.message}`);
    this.#drawProgress(state);
  }

  #drawProgress(state: State): void {
    const approved = approvedCount(state);
    const masks = state.all.reduce((sum, one) => sum + one.boxes.filter((box) => !box.kept).length, 0);
    setText(this.#progress, say("deskDone", { n: approved, count: state.all.length, masks }));
    this.#fill.value = approved / Math.max(1, state.all.length);
    const enable = (word: Word, on: boolean): void => {
      const button = this.#buttons.get(word);
      if (button !== undefined) button.disabled = !on;
    };
    enable("deskSend", approved > 0 && !this.#sending);
    enable("deskUndo", this.#history.canUndo);
    enable("deskDrop", (shown(state)?.boxes.length ?? 0) > 0);
    this.#buttons.get("deskFlick")?.setAttribute("aria-pressed", String(this.#after));
  }

  // -- keys: only while the desk has the focus

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === this.#frames) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const pressed = target?.closest("button, input, a");
    const ownKeys = pressed !== null && pressed !== undefined && !pressed.classList.contains("ck-thumb");
    if (ownKeys && (event.key === " " || event.key === "Enter")) return;
    const act = this.#actOf(event);
    if (act === null) return;
    event.preventDefault();
    act();
  }

  #actOf(event: KeyboardEvent): (() => void) | null {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const now = this.#now;
    const keys: Readonly<Record<string, () => void>> = {
      " ": () => this.#flick(),
      a: () => this.#take(event.shiftKey ? approveAlike(now) : approve(now)),
      d: () => this.#take(drop(now)),
      n: () => this.#take(add(now)),
      b: () => this.#take(select(now, now.box + (event.shiftKey ? -1 : 1))),
      z: () => this.#undo(),
      s: () => void this.#send(),
      ",": () => this.#frame(this.#place - 1),
      ".": () => this.#frame(this.#place + 1),
      Enter: () => this.#take(nextOpen(now)),
      Escape: () => this.#take({ ...now, box: -1 }),
    };
    return keys[key] ?? this.#arrowOf(event);
  }

  #arrowOf(event: KeyboardEvent): (() => void) | null {
    const ways: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const way = ways[event.key];
    if (way === undefined) return null;
    const [x, y] = way;
    const now = this.#now;
    if (now.box >= 0) return () => this.#take(nudge(now, x * STEP, y * STEP, event.shiftKey));
    return () => this.#take(go(now, now.at + x + y * this.#sheet.across));
  }

  // -- sending

  #say(word: Word, more = ""): void {
    this.#fault.hidden = false;
    setText(this.#fault, more === "" ? say(word) : `${say(word)} ${more}`);
  }

  async #send(): Promise<void> {
    const approved = this.#now.all.filter((one) => one.approved);
    if (approved.length === 0 || this.#sending) return;
    this.#sending = true;
    this.#fault.hidden = true;
    this.#drawProgress(this.#now);
    for (let at = 0; at < approved.length; at += AT_ONCE) {
      const images = approved.slice(at, at + AT_ONCE).map(wordOn);
      const body = JSON.stringify({ images, remember: this.#remember.checked });
      const answer = await this.#post(this.#root.dataset["approve"] ?? "", body);
      if (answer === null || !answer.ok) {
        const told: unknown = await answer?.json().catch(() => null);
        const error = typeof told === "object" && told !== null && "error" in told ? String(told.error) : "";
        this.#say("deskNotSent", error);
        this.#sending = false;
        this.#drawProgress(this.#now);
        return;
      }
    }
    this.#sent = true;
    this.#root.dataset["sent"] = "1";
    location.assign(this.#root.dataset["after"] ?? "/");
  }
}

mountEach("[data-desk]", (root) => {
  translate(embeddedJson(root, "data-words"));
  const asked = embeddedJson(root, "data-asked");
  if (Array.isArray(asked) && asked.length > 0) new Desk(root, asked as Asked[]);
});

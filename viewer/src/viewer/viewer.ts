/** The viewer island: addresses in by attribute, pins in and events out by the DOM; it knows no server page.
 *
 * In: `data-stack-url` or `<script type="application/json" data-stack>`, `<script … data-pins>`, `confrere:pins`,
 * `confrere:fly`, `confrere:pin-cancel`. Out: `confrere:pin`, `confrere:slice`, `confrere:pin-open`, `confrere:ready`.
 */

import { embeddedJson, emit, make, setText } from "../dom";
import { say } from "../words";
import { Cine } from "./cine";
import { Darkroom } from "./darkroom";
import { areLinked, nearestSlice } from "./geometry";
import type { GestureTarget } from "./gestures";
import { type Command, commandFor, isTyping, type Tool } from "./keys";
import { Loader } from "./loader";
import { Pane, type PaneOwner } from "./pane";
import { interleaved, linkIsSlow } from "./prefetch";
import { isPin, type Pin, type Series, type Stack } from "./stack";
import { SeriesStrip } from "./strip";
import { helpDialog, keysOnlyFocused, Toolbar } from "./toolbar";
import { aimBy, choosePreset, paneGestures, runOnPane, type ToolOwner } from "./tools";
import { isFit, type Point } from "./view";
import { presetsFor } from "./window";

/** Slices kept ready on each side: all of a usual stack on a good link, the next few on a slow one. */
const RADIUS = { fast: 400, slow: 12 } as const;
const ANNOUNCE_MS = 400;

export class Viewer implements PaneOwner, ToolOwner {
  readonly darkroom: Darkroom;
  readonly #section: HTMLElement;
  readonly #stack: Stack;
  readonly #loader: Loader;
  readonly #strip: SeriesStrip;
  readonly #toolbar: Toolbar;
  readonly #stages = make("div", "cv-stages");
  readonly #live = make("div", "cv-live", { "aria-live": "polite" });
  readonly #hint = make("div", "cv-hint", { role: "status", hidden: true });
  readonly #help = helpDialog();
  readonly #signal: AbortSignal;
  readonly #panes: Pane[] = [];
  readonly #cine = new Cine(() => this.#active);
  #active: Pane;
  #pins: readonly Pin[] = [];
  #version = 0;
  #drawn = 0;
  #announce = 0;
  #flash: string | null = null;
  #told = "";
  tool: Tool;

  constructor(section: HTMLElement, stack: Stack, signal: AbortSignal) {
    this.#section = section;
    this.#stack = stack;
    this.#signal = signal;
    const inUse = (bitmap: ImageBitmap): boolean => this.#panes.some((pane) => pane.showsBitmap(bitmap));
    this.#loader = new Loader(inUse, () => this.#arrived());
    this.darkroom = new Darkroom(stack, this.#loader);
    this.#strip = new SeriesStrip(stack.series, this.darkroom, (series) => this.#choose(series));
    this.#toolbar = new Toolbar((command) => this.run(command));
    const first = this.#firstPlace();
    this.#active = this.#addPane(first.series, first.index);
    this.tool = first.series.instances.length > 1 ? "scroll" : "window";
    this.#toolbar.hide("two", stack.series.length < 2);
    section.classList.add("cv");
    section.append(this.#toolbar.element, this.#stages, this.#strip.element, this.#live, this.#hint, this.#help);
    this.setPins(embeddedJson(section, "data-pins"));
    this.#listen();
    this.#refresh();
  }

  /** The place named by `data-sop`, else the middle of the first series: more readable than its first slice. */
  #firstPlace(): { series: Series; index: number } {
    const sop = this.#section.dataset["sop"];
    for (const series of this.#stack.series) {
      const index = series.instances.findIndex((instance) => instance.sop === sop);
      if (index >= 0) return { series, index };
    }
    const series = this.#stack.series[0];
    // readStack refuses a stack without series.
    if (series === undefined) throw new RangeError("a stack without series");
    return { series, index: Math.floor(series.instances.length / 2) };
  }

  #listen(): void {
    const options = { signal: this.#signal };
    document.addEventListener("keydown", (event) => this.#key(event), options);
    const on = (name: string, listen: (detail: unknown) => void): void =>
      this.#section.addEventListener(name, (event) => listen((event as CustomEvent<unknown>).detail), options);
    on("confrere:pins", (detail) => this.setPins(detail));
    on("confrere:fly", (detail) => this.fly(detail));
    on("confrere:pin-cancel", () => this.#dropAim(true));
    this.#signal.addEventListener("abort", () => {
      this.#loader.stop();
      clearTimeout(this.#announce);
      this.#cine.stop();
    });
  }

  // -- what panes ask

  pins(): readonly Pin[] {
    return this.#pins;
  }

  version(): number {
    return this.#version;
  }

  gestures(pane: Pane): GestureTarget {
    return paneGestures(pane, this);
  }

  needsChanged(): void {
    if (this.#panes.length === 0) return;
    const radius = linkIsSlow(navigator) ? RADIUS.slow : RADIUS.fast;
    const order = [this.#active, ...this.#panes.filter((pane) => pane !== this.#active)];
    const jobs = order.map((pane) => pane.jobs(radius));
    const urgent = jobs.flat().filter((job) => job.urgent);
    const rest = interleaved(jobs.map((own) => own.filter((job) => !job.urgent)));
    this.#loader.want([...urgent, ...rest.slice(0, 4), ...this.#strip.jobs(), ...rest.slice(4)]);
  }

  moved(pane: Pane): void {
    if (pane !== this.#active) this.activate(pane);
    for (const other of this.#panes) {
      const follows = other === pane ? null : this.#follows(pane, other.series);
      if (follows !== null) other.go(follows, true);
    }
    this.#refresh();
  }

  #follows(pane: Pane, other: Series): number | null {
    return areLinked(pane.series, other) ? nearestSlice(pane.instance, other) : null;
  }

  shownChanged(pane: Pane): void {
    if (this.#flash !== null && pane === this.#active && pane.shown === pane.wanted) {
      pane.pinLayer.flash(this.#flash);
      this.#flash = null;
    }
    if (pane !== this.#active || pane.shown === null) return;
    const { sop, frame } = pane.at(pane.shown);
    const detail = { study: pane.series.study, series: pane.series.series, sop, frame, index: pane.shown };
    emit(this.#section, "confrere:slice", detail);
    clearTimeout(this.#announce);
    const words = say("slice", { n: pane.shown + 1, count: pane.count });
    this.#announce = window.setTimeout(() => setText(this.#live, words), ANNOUNCE_MS);
  }

  drawn(pane: Pane): void {
    const data = this.#section.dataset;
    this.#drawn += 1;
    data["drawn"] = String(this.#drawn);
    if (pane !== this.#active) return;
    data["slice"] = pane.shown === null ? "" : String(pane.shown + 1);
    data["count"] = String(pane.count);
    const window = pane.window === null ? "" : pane.window.join(",");
    if (data["window"] !== window) this.#toolbarState();
    data["window"] = window;
    if (pane.shown !== null && data["ready"] !== "1") {
      data["ready"] = "1";
      emit(this.#section, "confrere:ready", {});
    }
  }

  #arrived(): void {
    this.#version += 1;
    for (const pane of this.#panes) {
      if (pane.window === null && pane.series.window === null) this.#toolbarState();
      pane.redraw();
    }
    this.#strip.paint();
    const failure = this.#loader.failure(this.#active.wantedKey());
    if (failure === null) this.tell("");
    else this.tell(say(failure === "gone" ? "unavailable" : "broken"), () => this.#again());
  }

  #again(): void {
    this.tell("");
    this.#loader.forgive();
  }

  // -- words to the reader

  /** Shows one line over the image, with a retry button when `again` is given; "" takes it away. */
  tell(text: string, again?: () => void): void {
    if (this.#told === text) return;
    this.#told = text;
    this.#hint.replaceChildren(text);
    this.#hint.hidden = text === "";
    if (again === undefined) return;
    const button = make("button", "cv-retry", { type: "button" }, say("retry"));
    button.addEventListener("click", again);
    this.#hint.append(button);
  }

  // -- panes and series

  #addPane(series: Series, index: number): Pane {
    const pane = new Pane(series, index, this, this.#signal);
    pane.element.addEventListener("pointerdown", () => this.activate(pane), { signal: this.#signal });
    pane.element.addEventListener("focus", () => this.activate(pane), { signal: this.#signal });
    this.#panes.push(pane);
    this.#stages.append(pane.element);
    return pane;
  }

  activate(pane: Pane): void {
    if (this.#active === pane) return;
    this.#active = pane;
    this.#refresh();
  }

  #choose(series: Series): void {
    this.#cine.stop();
    if (series !== this.#active.series) {
      const index = this.#follows(this.#active, series) ?? Math.floor(series.instances.length / 2);
      this.#active.showSeries(series, index);
    }
    this.#refresh();
  }

  #neighbour(by: 1 | -1): void {
    const all = this.#stack.series;
    const next = all[(all.indexOf(this.#active.series) + by + all.length) % all.length];
    if (next !== undefined) this.#choose(next);
  }

  #setTwo(two: boolean): void {
    if (two && this.#panes.length === 1) {
      const all = this.#stack.series;
      const now = this.#active;
      const other = all.find((s) => s !== now.series && areLinked(s, now.series)) ?? all.find((s) => s !== now.series);
      if (other === undefined) return;
      this.#addPane(other, this.#follows(now, other) ?? Math.floor(other.instances.length / 2));
    } else if (!two && this.#panes.length === 2) {
      const gone = this.#panes.filter((pane) => pane !== this.#active);
      for (const pane of gone) {
        this.#panes.splice(this.#panes.indexOf(pane), 1);
        pane.close();
      }
    }
    this.#refresh();
    this.needsChanged();
  }

  #refresh(): void {
    this.#stages.dataset["panes"] = String(this.#panes.length);
    for (const pane of this.#panes) pane.element.toggleAttribute("data-active", pane === this.#active);
    const shown = new Set(this.#panes.map((pane) => pane.series));
    this.#strip.mark(this.#active.series, shown, (series) => this.#follows(this.#active, series));
    this.#toolbarState();
  }

  #toolbarState(): void {
    const { view, series, window, standard } = this.#active;
    for (const tool of ["scroll", "window", "pan", "zoom"] as const) {
      this.#toolbar.press(`tool:${tool}`, this.tool === tool && this.#active.pinLayer.aim === null);
    }
    this.#toolbar.press("pin", this.#active.pinLayer.aim !== null);
    this.#toolbar.press("cine", this.#cine.playing);
    this.#toolbar.press("invert", view.inverted);
    this.#toolbar.press("two", this.#panes.length === 2);
    this.#toolbar.showPresets(presetsFor(series, standard), window ?? standard, standard);
  }

  // -- commands

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || isTyping(event.target) || !(event.target instanceof Element)) return;
    const inside = this.#section.contains(event.target);
    const nowhere = event.target === document.body;
    // From elsewhere on the page letters and digits still reach the image; keys that scroll or press stay there.
    const elsewhere = event.key.length === 1 && event.key !== " ";
    if (!inside && (keysOnlyFocused() || !(nowhere || elsewhere))) return;
    // A button keeps Space and Enter, the edge strip its own arrows.
    if (event.target.closest("button, a") !== null && [" ", "Enter"].includes(event.key)) return;
    const aimed = aimBy(this.#active, event.key, this);
    const command = aimed ? null : commandFor(event);
    if (aimed || command !== null) event.preventDefault();
    if (command !== null) this.run(command);
  }

  run(command: Command): void {
    const [kind, name = ""] = command.split(":");
    if (kind === "tool") this.tool = name as Tool;
    else if (kind === "preset") choosePreset(this.#active, name);
    else this.#runPlain(command);
    this.#refresh();
  }

  #runPlain(command: Command): void {
    const acts: Partial<Record<Command, () => void>> = {
      nextSeries: () => this.#neighbour(1),
      previousSeries: () => this.#neighbour(-1),
      nextPane: () => this.#otherPane(),
      previousPane: () => this.#otherPane(),
      pin: () => (this.#active.pinLayer.aim === null ? this.#takeAim() : this.#dropAim(false)),
      cine: () => (this.#cine.playing ? this.#cine.stop() : this.#cine.play()),
      two: () => this.#setTwo(this.#panes.length === 1),
      full: () => this.#fullScreen(),
      help: () => this.#help.showModal(),
      cancel: () => this.#dropAim(true),
    };
    const act = acts[command];
    if (act === undefined) runOnPane(this.#active, command);
    else act();
  }

  #otherPane(): void {
    const other = this.#panes.find((pane) => pane !== this.#active);
    if (other !== undefined) this.activate(other);
  }

  #fullScreen(): void {
    const change = document.fullscreenElement === null ? this.#section.requestFullscreen() : document.exitFullscreen();
    // Some phones have no full screen: the viewer then stays as it is.
    change.catch(() => {});
  }

  /** Double click: one pane of two, then fit, then full screen. */
  enlarge(): void {
    if (this.#panes.length === 2) this.#setTwo(false);
    else if (!isFit(this.#active.view)) this.run("fit");
    else this.#fullScreen();
  }

  // -- pins

  /** Replaces the pins shown; anything that is not a pin is left out. */
  setPins(pins: unknown): void {
    this.#pins = Array.isArray(pins) ? pins.filter(isPin) : [];
    this.#version += 1;
    for (const pane of this.#panes) {
      pane.pinLayer.draft = null;
      pane.redraw();
    }
  }

  /** Goes to the slice, window and point of a pin and lets its mark flash. */
  fly(pin: unknown): void {
    if (!isPin(pin)) return;
    const has = (series: Series): number =>
      series.instances.findIndex((i) => i.sop === pin.sop && i.frame === pin.frame);
    const series = [this.#active.series, ...this.#stack.series].find((one) => has(one) >= 0);
    if (series === undefined) return;
    this.#cine.stop();
    const pane = this.#active;
    if (series === pane.series) pane.go(has(series));
    else pane.showSeries(series, has(series));
    if (Array.isArray(pin.window)) pane.setWindow(pin.window);
    pane.centre(pin, pin.zoom);
    if (pane.shown === pane.wanted) pane.pinLayer.flash(pin.id);
    else this.#flash = pin.id;
    this.#refresh();
  }

  #takeAim(): void {
    this.#cine.stop();
    const { columns, rows } = this.#active.extent;
    this.#active.pinLayer.aim = { x: columns / 2, y: rows / 2 };
    this.#active.element.focus();
    this.#active.redraw();
    this.tell(say("pinHere"));
  }

  #dropAim(andDraft: boolean): void {
    for (const pane of this.#panes) {
      pane.pinLayer.aim = null;
      if (andDraft) pane.pinLayer.draft = null;
      pane.redraw();
    }
    this.tell("");
    this.#refresh();
  }

  placePin(pane: Pane, { x, y }: Point): void {
    this.#dropAim(true);
    if (pane.shown === null) return;
    const { sop, frame } = pane.at(pane.shown);
    const place = { sop, frame, x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
    pane.pinLayer.draft = { id: "", ...place };
    pane.redraw();
    const { study, series } = pane.series;
    emit(this.#section, "confrere:pin", {
      study,
      series,
      ...place,
      window: pane.window,
      zoom: pane.view.zoom,
    });
  }

  refreshTools(): void {
    this.#toolbarState();
  }
}

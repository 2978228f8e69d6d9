/** One pane: a series, the slice that is wanted and the one that is shown, its window and view, drawn by canvas.
 *
 * INVARIANT: slice number, letters and pins always describe the picture on screen (`shown`), never one still on its way.
 */

import { make } from "../dom";
import { say } from "../words";
import { canWindow, type Darkroom } from "./darkroom";
import { EdgeStrip } from "./edge";
import { Gestures, type GestureTarget } from "./gestures";
import type { Job } from "./loader";
import { Overlay } from "./overlay";
import { PinLayer, pinsOn } from "./pins";
import { prefetchOrder } from "./prefetch";
import type { Instance, Pin, Series, Window } from "./stack";
import { centredOn, type Extent, fitScale, matrix, type Point, RESET, type Pane as Size, type View } from "./view";
import { sameWindow } from "./window";

/** What a pane asks of the viewer around it. */
export interface PaneOwner {
  readonly darkroom: Darkroom;
  pins(): readonly Pin[];
  /** Changes when a picture arrived or the pins are others. */
  version(): number;
  /** Wanted slices or windows changed: fetch again. */
  needsChanged(): void;
  /** A slice came on screen. */
  shownChanged(pane: Pane): void;
  drawn(pane: Pane): void;
  /** The reader moved to another slice of this pane. */
  moved(pane: Pane): void;
  gestures(pane: Pane): GestureTarget;
}

/** After this long without change a window or a zoom counts as settled and is fetched properly. */
const SETTLE_MS = 180;

export class Pane {
  readonly element = make("div", "cv-pane", {
    tabindex: 0,
    role: "application",
    "aria-label": say("images"),
  });
  readonly pinLayer = new PinLayer();
  readonly #canvas = make("canvas", "cv-canvas", { role: "img" });
  readonly #context = this.#canvas.getContext("2d", { alpha: false });
  readonly #overlay = new Overlay();
  readonly #edge: EdgeStrip;
  readonly #owner: PaneOwner;
  readonly #observer: ResizeObserver;
  series: Series;
  wanted = 0;
  shown: number | null = null;
  window: Window | null;
  view: View = RESET;
  size: Size = { width: 1, height: 1 };
  #direction: -1 | 0 | 1 = 0;
  #frame = 0;
  #settle = 0;
  #settled = true;
  #settledZoom = 1;
  #measure: "default" | "full" | null = null;
  #onScreen: ImageBitmap | null = null;

  constructor(series: Series, index: number, owner: PaneOwner, signal: AbortSignal) {
    this.#owner = owner;
    this.series = series;
    this.wanted = index;
    this.window = series.window;
    this.#edge = new EdgeStrip((to) => this.go(to), signal);
    this.element.append(this.#canvas, this.#overlay.element, this.pinLayer.element, this.#edge.element);
    new Gestures(this.element, owner.gestures(this), signal);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.element);
    signal.addEventListener("abort", () => this.close());
  }

  get instance(): Instance {
    return this.at(this.wanted);
  }

  get count(): number {
    return this.series.instances.length;
  }

  get extent(): Extent {
    const spacing = this.series.spacing;
    const aspect = spacing === null || spacing[1] <= 0 ? 1 : spacing[0] / spacing[1];
    return { columns: this.series.columns, rows: this.series.rows, aspect };
  }

  get isStandardWindow(): boolean {
    return sameWindow(this.window, this.series.window);
  }

  at(index: number): Instance {
    const instance = this.series.instances[Math.min(this.count - 1, Math.max(0, index))];
    // readStack refuses a series without instances.
    if (instance === undefined) throw new RangeError("a series without instances");
    return instance;
  }

  showsBitmap(bitmap: ImageBitmap): boolean {
    return this.#onScreen === bitmap;
  }

  /** Goes to a slice; out of range stops at the end. `quiet` is for panes that follow another. */
  go(index: number, quiet = false): void {
    const to = Math.min(this.count - 1, Math.max(0, Math.round(index)));
    if (to === this.wanted) return;
    this.#direction = to > this.wanted ? 1 : -1;
    this.wanted = to;
    this.redraw();
    if (!quiet) this.#owner.moved(this);
    this.#owner.needsChanged();
  }

  showSeries(series: Series, index: number): void {
    this.series = series;
    this.wanted = Math.min(series.instances.length - 1, Math.max(0, index));
    this.shown = null;
    this.window = series.window;
    this.#measure = null;
    this.view = RESET;
    this.#settledZoom = 1;
    this.#direction = 0;
    this.pinLayer.aim = null;
    this.redraw();
    this.#owner.needsChanged();
  }

  setWindow(window: Window | null): void {
    this.#measure = null;
    if (sameWindow(window, this.window)) return;
    this.window = window;
    this.#unsettle();
  }

  /** The default window: the series' own, else measured from stored pixels, else not known yet. */
  get standard(): Window | null {
    return this.series.window ?? this.#owner.darkroom.measured(this.series, this.instance, "default");
  }

  /** Sets the window that shows every value, or that of the percentiles, as soon as the stored pixels are here. */
  setMeasured(kind: "default" | "full"): void {
    if (!canWindow(this.series)) return;
    this.#measure = kind;
    this.#owner.needsChanged();
    this.redraw();
  }

  close(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settle);
    this.element.remove();
  }

  setView(view: View): void {
    this.view = view;
    this.#unsettle();
  }

  centre(point: Point, zoom: number | undefined): void {
    const zoomed = zoom === undefined ? this.view : { ...this.view, zoom };
    const fits = zoomed.zoom <= 1;
    this.setView(fits ? { ...zoomed, panX: 0, panY: 0 } : centredOn(point, zoomed, this.extent, this.size));
  }

  /** What this pane needs, most urgent first. */
  jobs(radius: number): Job[] {
    const { darkroom } = this.#owner;
    const own = !this.isStandardWindow;
    const jobs: Job[] = [];
    if ((own && canWindow(this.series)) || this.#measure !== null)
      jobs.push(darkroom.stored(this.series, this.instance, true));
    // While the window is being dragged only the slice in view is worth fetching.
    const reach = own ? (this.#settled ? Math.min(radius, 8) : -1) : radius;
    for (const index of prefetchOrder(this.wanted, this.count, this.#direction, Math.max(0, reach))) {
      const instance = this.at(index);
      if (own && (reach < 0 || darkroom.hasStored(instance))) continue;
      jobs.push(this.#preview(index, index === this.wanted));
    }
    return jobs;
  }

  #preview(index: number, urgent: boolean): Job {
    return this.#owner.darkroom.preview(this.series, this.at(index), this.window, this.#neededPixels(), urgent);
  }

  /** Key by which a failure of the wanted slice is known. */
  wantedKey(): string {
    return this.#preview(this.wanted, true).key;
  }

  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #unsettle(): void {
    this.#settled = false;
    clearTimeout(this.#settle);
    this.#settle = window.setTimeout(() => {
      this.#settled = true;
      this.#settledZoom = Math.max(1, this.view.zoom);
      this.#owner.needsChanged();
    }, SETTLE_MS);
    this.redraw();
    this.#owner.needsChanged();
  }

  #ratio(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  #neededPixels(): number {
    const { columns, rows, aspect } = this.extent;
    const longest = Math.max(columns, rows * aspect) * fitScale(this.extent, this.size, this.view.quarter);
    return longest * this.#ratio() * this.#settledZoom;
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.size = { width, height };
    this.#canvas.width = Math.round(width * this.#ratio());
    this.#canvas.height = Math.round(height * this.#ratio());
    // Setting the size has cleared the canvas: draw before the browser paints it black.
    cancelAnimationFrame(this.#frame);
    this.#draw();
    this.#owner.needsChanged();
  }

  #resolveMeasure(): void {
    const window = this.#measure && this.#owner.darkroom.measured(this.series, this.instance, this.#measure);
    if (window === null) return;
    this.#measure = null;
    this.setWindow(window);
  }

  #draw(): void {
    this.#frame = 0;
    this.#resolveMeasure();
    const context = this.#context;
    if (context === null) return;
    const { darkroom } = this.#owner;
    const pixels = this.#neededPixels();
    const before = this.shown;
    let picture = darkroom.picture(this.series, this.instance, this.window, pixels);
    if (picture !== null) this.shown = this.wanted;
    else if (this.shown !== null) picture = darkroom.picture(this.series, this.at(this.shown), this.window, pixels);
    this.#onScreen = picture?.bitmap ?? null;
    if (picture === null) this.shown = null;
    this.#paint(context, picture?.source ?? null);
    this.#dress(picture?.exact ?? true);
    this.#owner.drawn(this);
    if (this.shown !== before && this.shown !== null) this.#owner.shownChanged(this);
  }

  #paint(context: CanvasRenderingContext2D, source: CanvasImageSource | null): void {
    const ratio = this.#ratio();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "source-over";
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (source === null) return;
    const [a, b, c, d, e, f] = matrix(this.view, this.extent, this.size);
    context.setTransform(a * ratio, b * ratio, c * ratio, d * ratio, e * ratio, f * ratio);
    const [width, height] = [this.extent.columns, this.extent.rows * this.extent.aspect];
    context.drawImage(source, 0, 0, width, height);
    if (!this.view.inverted) return;
    context.globalCompositeOperation = "difference";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
  }

  #dress(exact: boolean): void {
    const { series, shown, wanted, window, view, extent, size } = this;
    this.#overlay.update({ series, shown, wanted, window, exact, view, extent, pane: size });
    const pins = this.#owner.pins();
    this.pinLayer.update(pins, shown === null ? null : this.at(shown), view, extent, size);
    const version = `${this.#owner.version()} ${series.series} ${window?.join() ?? ""}`;
    const here = (index: number): boolean => this.#owner.darkroom.isHere(this.at(index), window);
    const pinned = (index: number): boolean => pinsOn(pins, this.at(index)).length > 0;
    this.#edge.update({ count: this.count, wanted, version, here, pinned }, Math.round(size.height));
    const label = say("picture", { label: series.label, n: (shown ?? wanted) + 1, count: this.count });
    if (this.#canvas.getAttribute("aria-label") !== label) this.#canvas.setAttribute("aria-label", label);
  }
}

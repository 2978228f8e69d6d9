/** Mouse, pen and fingers on one pane, told apart: drag, pinch, wheel, tap, long press, double click. */

import type { Point } from "./view";

/** What a drag does; `tool` stands for whichever tool is active. */
export type Drag = "tool" | "pan" | "zoom";

export interface GestureTarget {
  dragStart(kind: Drag, at: Point): void;
  /** `total` is measured from where the drag began. */
  drag(kind: Drag, total: Point, at: Point): void;
  dragEnd(kind: Drag): void;
  pinch(factor: number, centre: Point, moved: Point): void;
  tap(at: Point): void;
  longPress(at: Point): void;
  doubleClick(at: Point): void;
  wheel(slices: number): void;
  wheelZoom(factor: number, at: Point): void;
}

const LONG_PRESS_MS = 550;
/** A finger or hand that moves less than this many pixels is holding still. */
const STILL = 6;
/** One notch of a mouse wheel reports at least this much; a track pad reports less, more often. */
const NOTCH = 50;
const PAD_STEP = 30;

/** Whole slices for one wheel event; `rest` carries a track pad's small moves over. */
export function wheelSlices(deltaY: number, deltaMode: number, rest: number): { slices: number; rest: number } {
  if (deltaMode !== 0) return { slices: Math.sign(deltaY), rest: 0 };
  if (Math.abs(deltaY) >= NOTCH)
    return { slices: Math.sign(deltaY) * Math.max(1, Math.round(Math.abs(deltaY) / 120)), rest: 0 };
  const sum = rest + deltaY;
  const slices = Math.trunc(sum / PAD_STEP) + 0;
  return { slices, rest: sum - slices * PAD_STEP };
}

export class Gestures {
  readonly #element: HTMLElement;
  readonly #target: GestureTarget;
  readonly #pointers = new Map<number, Point>();
  #drag: Drag | null = null;
  #began: Point = { x: 0, y: 0 };
  #moved = false;
  #press = 0;
  #rest = 0;

  constructor(element: HTMLElement, target: GestureTarget, signal: AbortSignal) {
    this.#element = element;
    this.#target = target;
    const on = <K extends keyof HTMLElementEventMap>(name: K, listen: (event: HTMLElementEventMap[K]) => void): void =>
      element.addEventListener(name, listen, { signal, passive: false });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event, true));
    on("pointercancel", (event) => this.#up(event, false));
    on("contextmenu", (event) => event.preventDefault());
    on("dblclick", (event) => this.#isMark(event) || target.doubleClick(this.#at(event)));
    on("wheel", (event) => this.#wheel(event));
    signal.addEventListener("abort", () => clearTimeout(this.#press));
  }

  #at(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Pins and the edge strip lie on the pane and answer for themselves. */
  #isMark(event: Event): boolean {
    return event.target instanceof Element && event.target.closest("button, [role=slider]") !== null;
  }

  #down(event: PointerEvent): void {
    if (this.#isMark(event)) return;
    const at = this.#at(event);
    this.#pointers.set(event.pointerId, at);
    this.#element.setPointerCapture(event.pointerId);
    clearTimeout(this.#press);
    if (this.#pointers.size > 1) {
      if (this.#drag !== null) this.#target.dragEnd(this.#drag);
      this.#drag = null;
      this.#moved = true;
      return;
    }
    if (event.button === 1) event.preventDefault();
    this.#drag = event.button === 1 ? "pan" : event.button === 2 ? "zoom" : "tool";
    this.#began = at;
    this.#moved = false;
    this.#target.dragStart(this.#drag, at);
    if (event.pointerType !== "mouse") this.#press = window.setTimeout(() => this.#pressed(at), LONG_PRESS_MS);
  }

  #pressed(at: Point): void {
    if (this.#moved || this.#drag === null) return;
    this.#target.dragEnd(this.#drag);
    this.#drag = null;
    this.#target.longPress(at);
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const at = this.#at(event);
    if (this.#pointers.size === 2) this.#pinch(event.pointerId, before, at);
    this.#pointers.set(event.pointerId, at);
    if (this.#drag === null || this.#pointers.size > 1) return;
    const total = { x: at.x - this.#began.x, y: at.y - this.#began.y };
    if (!this.#moved && Math.hypot(total.x, total.y) < STILL) return;
    this.#moved = true;
    clearTimeout(this.#press);
    this.#target.drag(this.#drag, total, at);
  }

  #pinch(id: number, before: Point, at: Point): void {
    const other = [...this.#pointers].find(([key]) => key !== id)?.[1];
    if (other === undefined) return;
    const span = (p: Point): number => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
    const centre = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const moved = { x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 };
    this.#target.pinch(span(at) / span(before), centre, moved);
  }

  #up(event: PointerEvent, done: boolean): void {
    if (!this.#pointers.delete(event.pointerId)) return;
    clearTimeout(this.#press);
    if (this.#drag === null) return;
    this.#target.dragEnd(this.#drag);
    if (done && !this.#moved && this.#drag === "tool") this.#target.tap(this.#at(event));
    this.#drag = null;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // A pinch on a track pad arrives as a wheel with the control key held.
    if (event.ctrlKey) {
      this.#target.wheelZoom(Math.exp(-event.deltaY / 300), this.#at(event));
      return;
    }
    const { slices, rest } = wheelSlices(event.deltaY, event.deltaMode, this.#rest);
    this.#rest = rest;
    if (slices !== 0) this.#target.wheel(slices);
  }
}

/** The one picture shown large, with its boxes: drag to draw, a box to move it, its lower right corner to size it. */

import { make } from "../dom";
import { say } from "../words";
import type { Box, Picture, Place } from "./state";

const SVG = "http://www.w3.org/2000/svg";
const CORNER_PX = 22;
const CLICK_PX = 5;

export interface StageEvents {
  select(box: number): void;
  draw(place: Place): void;
  /** `first` is true at the first of the many places a drag puts the box in. */
  place(place: Place, first: boolean): void;
}

function svg<T extends keyof SVGElementTagNameMap>(
  tag: T,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[T] {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** One rectangle for each box that stands on `frame` (-1: on any); masks are filled where `after`. */
export function boxesDrawn(boxes: readonly Box[], frame: number, after: boolean, chosen = -1): SVGRectElement[] {
  return boxes.flatMap((box, at) => {
    if (frame >= 0 && (frame < box.first || frame > box.last)) return [];
    const kind = box.kept ? "ck-kept" : after ? "ck-masked" : "ck-box";
    const { left: x, top: y } = box;
    const rect = svg("rect", { x, y, width: box.right - x, height: box.bottom - y, class: kind });
    rect.dataset["box"] = String(at);
    if (box.source === "second-detector") rect.classList.add("ck-again");
    if (at === chosen) rect.classList.add("ck-chosen");
    return [rect];
  });
}

interface Drag {
  readonly kind: "draw" | "move" | "size";
  readonly from: DOMPoint;
  readonly box: Place;
  readonly clientX: number;
  readonly clientY: number;
  started: boolean;
}

export class Stage {
  readonly root = make("div", "ck-stage", { tabindex: -1 });
  readonly #svg = svg("svg", { class: "ck-canvas", preserveAspectRatio: "xMidYMid meet", role: "img" });
  readonly #image = svg("image", { x: 0, y: 0 });
  readonly #boxes = svg("g", {});
  readonly #ghost = svg("rect", { class: "ck-ghost" });
  readonly #events: StageEvents;
  #picture: Picture | undefined;
  #chosen = -1;
  #drag: Drag | null = null;

  constructor(events: StageEvents) {
    this.#events = events;
    this.#svg.append(this.#image, this.#boxes, this.#ghost);
    this.root.append(this.#svg);
    this.#svg.addEventListener("pointerdown", (event) => this.#down(event));
    this.#svg.addEventListener("pointermove", (event) => this.#move(event));
    this.#svg.addEventListener("pointerup", (event) => this.#up(event));
    this.#svg.addEventListener("pointercancel", () => this.#end());
  }

  show(picture: Picture, url: string, frame: number, after: boolean, chosen: number): void {
    const { rows, columns } = picture;
    if (this.#image.getAttribute("href") !== url) this.#image.setAttribute("href", url);
    this.#svg.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
    this.#image.setAttribute("width", String(columns));
    this.#image.setAttribute("height", String(rows));
    this.#boxes.replaceChildren(...boxesDrawn(picture.boxes, frame, after, chosen));
    const masks = picture.boxes.filter((box) => !box.kept).length;
    this.#svg.setAttribute("aria-label", say(after ? "deskAfterLabel" : "deskBeforeLabel", { masks }));
    this.#picture = picture;
    this.#chosen = chosen;
  }

  #point(event: PointerEvent): DOMPoint {
    const matrix = this.#svg.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY);
    return matrix === null ? point : point.matrixTransform(matrix.inverse());
  }

  /** The box under the pointer; the one already chosen first, so that one under another can be moved. */
  #boxAt(event: PointerEvent): number {
    const rects = [...this.#boxes.children].filter((one): one is SVGRectElement => one instanceof SVGRectElement);
    const hit = rects.filter((rect) => {
      const { left, top, right, bottom } = rect.getBoundingClientRect();
      const reach = 4;
      return (
        event.clientX >= left - reach &&
        event.clientX <= right + reach &&
        event.clientY >= top - reach &&
        event.clientY <= bottom + reach
      );
    });
    const found = hit.map((rect) => Number(rect.dataset["box"]));
    return found.includes(this.#chosen) ? this.#chosen : (found.at(-1) ?? -1);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#picture === undefined) return;
    // The keys work while the desk has the focus; a click on the picture must not take it away.
    event.preventDefault();
    this.root.focus({ preventScroll: true });
    this.#svg.setPointerCapture(event.pointerId);
    const { clientX, clientY } = event;
    const from = this.#point(event);
    const at = this.#boxAt(event);
    if (at !== this.#chosen) this.#events.select(at);
    const box = this.#picture.boxes[at];
    if (box === undefined) {
      const place = { left: from.x, top: from.y, right: from.x, bottom: from.y };
      this.#drag = { kind: "draw", from, box: place, clientX, clientY, started: false };
      return;
    }
    const corner = this.#boxes.querySelector(`[data-box="${at}"]`)?.getBoundingClientRect();
    const near =
      corner !== undefined &&
      Math.abs(clientX - corner.right) < CORNER_PX &&
      Math.abs(clientY - corner.bottom) < CORNER_PX;
    this.#drag = { kind: near ? "size" : "move", from, box, clientX, clientY, started: false };
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === null) return;
    const far = Math.hypot(event.clientX - drag.clientX, event.clientY - drag.clientY);
    if (!drag.started && far < CLICK_PX) return;
    const first = !drag.started;
    drag.started = true;
    const to = this.#point(event);
    const [x, y] = [to.x - drag.from.x, to.y - drag.from.y];
    const { left, top, right, bottom } = drag.box;
    if (drag.kind === "draw") this.#sketch(drag.from, to);
    else if (drag.kind === "size") this.#events.place({ left, top, right: right + x, bottom: bottom + y }, first);
    else this.#events.place(this.#moved(drag.box, x, y), first);
  }

  #moved(box: Place, x: number, y: number): Place {
    const { rows, columns } = this.#picture ?? { rows: 1, columns: 1 };
    const dx = Math.max(-box.left, Math.min(columns - box.right, x));
    const dy = Math.max(-box.top, Math.min(rows - box.bottom, y));
    return { left: box.left + dx, top: box.top + dy, right: box.right + dx, bottom: box.bottom + dy };
  }

  #sketch(from: DOMPoint, to: DOMPoint): void {
    this.#ghost.setAttribute("x", String(Math.min(from.x, to.x)));
    this.#ghost.setAttribute("y", String(Math.min(from.y, to.y)));
    this.#ghost.setAttribute("width", String(Math.abs(to.x - from.x)));
    this.#ghost.setAttribute("height", String(Math.abs(to.y - from.y)));
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#end();
    if (drag?.kind !== "draw" || !drag.started) return;
    const to = this.#point(event);
    const [left, right] = [drag.from.x, to.x].sort((a, b) => a - b) as [number, number];
    const [top, bottom] = [drag.from.y, to.y].sort((a, b) => a - b) as [number, number];
    this.#events.draw({ left, top, right, bottom });
  }

  #end(): void {
    this.#drag = null;
    for (const name of ["width", "height"]) this.#ghost.setAttribute(name, "0");
  }
}

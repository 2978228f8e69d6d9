/** The strip at the right edge of a pane: where in the stack the reader is, what has arrived, and where pins lie. */

import { make } from "../dom";
import { say } from "../words";

/** Kept free above and below the strip, as the style sheet has it (CSS pixels). */
const INSET = 44;

export interface EdgeScene {
  readonly count: number;
  readonly wanted: number;
  /** Changes whenever `here` or `pinned` may answer otherwise: the marks are not painted anew at every frame. */
  readonly version: string;
  readonly here: (index: number) => boolean;
  readonly pinned: (index: number) => boolean;
}

export class EdgeStrip {
  readonly element = make("div", "cv-edge", {
    role: "slider",
    tabindex: 0,
    "aria-orientation": "vertical",
    "aria-valuemin": 1,
  });
  readonly #canvas = make("canvas", "cv-edge-canvas", { "aria-hidden": "true" });
  readonly #thumb = make("div", "cv-edge-thumb");
  #drawn = "";

  constructor(go: (index: number) => void, signal: AbortSignal) {
    this.element.setAttribute("aria-label", say("edge"));
    this.element.append(this.#canvas, this.#thumb);
    const follow = (event: PointerEvent): void => {
      const box = this.element.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientY - box.top) / Math.max(1, box.height)));
      go(Math.round(share * (Number(this.element.getAttribute("aria-valuemax")) - 1)));
    };
    this.element.addEventListener(
      "pointerdown",
      (event) => {
        this.element.setPointerCapture(event.pointerId);
        follow(event);
      },
      { signal },
    );
    this.element.addEventListener(
      "pointermove",
      (event) => this.element.hasPointerCapture(event.pointerId) && follow(event),
      {
        signal,
      },
    );
  }

  update(scene: EdgeScene, height: number): void {
    this.element.hidden = scene.count < 2;
    if (scene.count < 2) return;
    const now = String(scene.wanted + 1);
    if (this.element.getAttribute("aria-valuenow") !== now) {
      this.element.setAttribute("aria-valuenow", now);
      this.element.setAttribute("aria-valuemax", String(scene.count));
      this.element.setAttribute("aria-valuetext", say("slice", { n: now, count: scene.count }));
    }
    const track = Math.max(1, height - 2 * INSET);
    this.#thumb.style.transform = `translateY(${Math.round((scene.wanted / (scene.count - 1)) * track)}px)`;
    this.#paint(scene, track);
  }

  #paint(scene: EdgeScene, height: number): void {
    const drawn = `${height} ${scene.version}`;
    const context = this.#canvas.getContext("2d");
    if (drawn === this.#drawn || context === null) return;
    this.#drawn = drawn;
    this.#canvas.width = 6;
    this.#canvas.height = height;
    const step = height / scene.count;
    for (let i = 0; i < scene.count; i++) {
      const pinned = scene.pinned(i);
      context.fillStyle = pinned ? "#f2b84b" : scene.here(i) ? "#3c6e71" : "#20262d";
      context.fillRect(0, i * step, 6, Math.max(pinned ? 3 : 1, step));
    }
  }
}

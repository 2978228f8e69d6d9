/** Pins over the image: marks at image points, the aim while one is being placed, and the flash of one flown to. */

import { emit, make } from "../dom";
import { say } from "../words";
import type { Instance, Pin } from "./stack";
import { type Extent, isInside, type Pane, type Point, toScreen, type View } from "./view";

/** Pins of one slice, in their order. */
export function pinsOn(pins: readonly Pin[], instance: Instance): readonly Pin[] {
  return pins.filter((pin) => pin.sop === instance.sop && pin.frame === instance.frame);
}

const FLASH_MS = 1600;

export class PinLayer {
  readonly element = make("div", "cv-pins");
  readonly #aim = make("div", "cv-aim", { "aria-hidden": "true" });
  readonly #draft = make(
    "div",
    "cv-pin cv-pin-draft",
    { role: "img", "aria-label": say("pinNew") },
    make("span", "cv-pin-ring"),
  );
  readonly #marks = new Map<string, HTMLButtonElement>();
  #drawn = "";
  /** Where the next pin would go, in image pixels; null when none is being placed. */
  aim: Point | null = null;
  /** A pin just placed, until the page sends the list that holds it. */
  draft: Pin | null = null;

  constructor() {
    this.element.append(this.#aim, this.#draft);
  }

  update(pins: readonly Pin[], instance: Instance | null, view: View, extent: Extent, pane: Pane): void {
    const here = instance === null ? [] : pinsOn(pins, instance);
    const names = here.map((pin) => `${pin.id} ${pin.label ?? ""}`).join("\n");
    if (names !== this.#drawn) this.#rebuild(here, names);
    for (const pin of here) {
      const mark = this.#marks.get(pin.id);
      if (mark !== undefined) place(mark, pin, view, extent, pane);
    }
    const draft = this.draft !== null && instance !== null ? (pinsOn([this.draft], instance)[0] ?? null) : null;
    place(this.#draft, draft, view, extent, pane);
    place(this.#aim, this.aim, view, extent, pane);
  }

  flash(id: string): void {
    const mark = this.#marks.get(id);
    if (mark === undefined) return;
    mark.classList.add("cv-flash");
    setTimeout(() => mark.classList.remove("cv-flash"), FLASH_MS);
  }

  #rebuild(pins: readonly Pin[], names: string): void {
    for (const mark of this.#marks.values()) mark.remove();
    this.#marks.clear();
    this.#drawn = names;
    for (const pin of pins) {
      const label = pin.label ?? "";
      const mark = make("button", "cv-pin", { type: "button", "aria-label": say("pinned", { label }) });
      mark.append(make("span", "cv-pin-ring"), make("span", "cv-pin-label", {}, label));
      mark.addEventListener("click", () => emit(this.element, "confrere:pin-open", { id: pin.id }));
      this.#marks.set(pin.id, mark);
      this.element.append(mark);
    }
  }
}

function place(element: HTMLElement, point: Point | null, view: View, extent: Extent, pane: Pane): void {
  const inside = point !== null && isInside(point, extent);
  element.hidden = !inside;
  if (!inside) return;
  const { x, y } = toScreen(point, view, extent, pane);
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

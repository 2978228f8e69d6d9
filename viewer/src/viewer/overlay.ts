/** The words over the image: series, slice, window, zoom, scale bar and side letters. Never a name or a date. */

import { make, setText } from "../dom";
import { say } from "../words";
import { edgeLetters } from "./geometry";
import type { Series, Window } from "./stack";
import { type Extent, type Pane, scaleBar, type View } from "./view";

export interface Scene {
  readonly series: Series;
  /** The slice whose picture is on screen; null while none is. */
  readonly shown: number | null;
  readonly wanted: number;
  readonly window: Window | null;
  readonly exact: boolean;
  readonly view: View;
  readonly extent: Extent;
  readonly pane: Pane;
}

const windowText = (window: Window | null): string =>
  window === null ? `W/L ${say("standard")}` : `W ${window[1]}  L ${window[0]}`;

export class Overlay {
  readonly #label = make("div", "cv-corner cv-top-left");
  readonly #loading = make("div", "cv-corner cv-top-right");
  readonly #slice = make("span");
  readonly #window = make("span");
  readonly #zoom = make("span");
  readonly #scale = make("span");
  readonly #bar = make("span", "cv-bar");
  readonly #letters = ["top", "right", "bottom", "left"].map((edge) => make("div", `cv-letter cv-letter-${edge}`));
  readonly element = make("div", "cv-overlay", { "aria-hidden": "true" });

  constructor() {
    this.element.append(
      this.#label,
      this.#loading,
      make("div", "cv-corner cv-bottom-left", {}, this.#slice, this.#window),
      make("div", "cv-corner cv-bottom-right", {}, this.#zoom, make("span", "cv-scale", {}, this.#scale, this.#bar)),
      ...this.#letters,
    );
  }

  update(scene: Scene): void {
    const { series, shown, wanted } = scene;
    const at = shown ?? wanted;
    setText(this.#label, series.label);
    setText(this.#slice, `${at + 1} / ${series.instances.length}`);
    setText(this.#window, scene.exact ? windowText(scene.window) : `${windowText(scene.window)} · ${say("notExact")}`);
    setText(this.#zoom, `${Math.round(scene.view.zoom * 100)} %`);
    setText(this.#loading, shown === wanted ? "" : say("loading", { n: wanted + 1 }));
    this.#drawLetters(scene);
    this.#drawScale(scene);
  }

  #drawLetters({ series, view }: Scene): void {
    const edges = edgeLetters(series.orientation, view);
    const texts = edges === null ? ["", "", "", ""] : [edges.top, edges.right, edges.bottom, edges.left];
    this.#letters.forEach((element, edge) => {
      setText(element, texts[edge] ?? "");
    });
  }

  #drawScale({ series, view, extent, pane }: Scene): void {
    const bar = scaleBar(series.spacing?.[1] ?? null, view, extent, pane, Math.min(160, pane.width / 4));
    setText(this.#scale, bar === null ? say("uncalibrated") : `${bar.mm} mm`);
    this.#bar.hidden = bar === null;
    const width = `${Math.round(bar?.pixels ?? 0)}px`;
    if (this.#bar.style.width !== width) this.#bar.style.width = width;
  }
}

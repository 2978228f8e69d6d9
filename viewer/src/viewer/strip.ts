/** The series strip: a thumbnail, a label and a count for each series, with the slice where linked ones stand. */

import { make, setText } from "../dom";
import { say } from "../words";
import type { Darkroom } from "./darkroom";
import type { Job } from "./loader";
import type { Instance, Series } from "./stack";

const THUMB_PIXELS = 128;

interface Entry {
  readonly series: Series;
  readonly button: HTMLButtonElement;
  readonly canvas: HTMLCanvasElement;
  readonly place: HTMLElement;
  painted: boolean;
}

export class SeriesStrip {
  readonly element = make("nav", "cv-strip", { "aria-label": say("seriesStrip") });
  readonly #darkroom: Darkroom;
  readonly #entries: readonly Entry[];

  constructor(series: readonly Series[], darkroom: Darkroom, choose: (series: Series) => void) {
    this.#darkroom = darkroom;
    this.#entries = series.map((one) => this.#entry(one, choose));
    this.element.hidden = series.length < 2;
  }

  #entry(series: Series, choose: (series: Series) => void): Entry {
    const canvas = make("canvas", "cv-thumb", {
      width: THUMB_PIXELS,
      height: THUMB_PIXELS,
      "aria-hidden": "true",
    });
    const place = make("span", "cv-place");
    const words = make("span", "cv-thumb-words", {}, make("span", "cv-thumb-label", {}, series.label), place);
    const button = make("button", "cv-thumb-button", { type: "button", "aria-pressed": "false" }, canvas, words);
    button.addEventListener("click", () => choose(series));
    this.element.append(button);
    return { series, button, canvas, place, painted: false };
  }

  /** Previews of the middle slices that are still missing; none when there is only one series. */
  jobs(): Job[] {
    if (this.element.hidden) return [];
    return this.#entries
      .filter((entry) => !entry.painted)
      .map(({ series }) => this.#darkroom.preview(series, middle(series), series.window, THUMB_PIXELS));
  }

  /** Draws thumbnails that have arrived. */
  paint(): void {
    for (const entry of this.#entries) {
      const context = entry.painted ? null : entry.canvas.getContext("2d");
      const { series } = entry;
      if (context === null) continue;
      const picture = this.#darkroom.picture(series, middle(series), series.window, THUMB_PIXELS);
      if (picture === null) continue;
      entry.painted = true;
      const aspect = series.spacing === null ? 1 : series.spacing[0] / series.spacing[1];
      const scale = THUMB_PIXELS / Math.max(series.columns, series.rows * aspect);
      const [width, height] = [series.columns * scale, series.rows * aspect * scale];
      context.drawImage(picture.source, (THUMB_PIXELS - width) / 2, (THUMB_PIXELS - height) / 2, width, height);
    }
  }

  /** Marks the series on screen; `follows` gives the slice at which a linked series stands now. */
  mark(active: Series, onScreen: ReadonlySet<Series>, follows: (series: Series) => number | null): void {
    for (const { series, button, place } of this.#entries) {
      const at = onScreen.has(series) ? null : follows(series);
      button.setAttribute("aria-pressed", String(onScreen.has(series)));
      button.toggleAttribute("data-active", series === active);
      button.toggleAttribute("data-linked", at !== null);
      const count = series.instances.length;
      setText(place, at === null ? say("count", { count }) : `${at + 1} / ${count}`);
      button.title = at === null ? series.label : `${series.label} (${say("linked")})`;
    }
  }
}

export function middle(series: Series): Instance {
  const instance = series.instances[Math.floor(series.instances.length / 2)];
  if (instance === undefined) throw new RangeError("a series without instances");
  return instance;
}

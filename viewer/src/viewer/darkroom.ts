/** Makes the picture of one slice at one window from whatever has arrived: stored pixels, previews, or a stand-in. */

import type { Job, Loader } from "./loader";
import { frameUrl, type Instance, previewSide, renderedUrl, type Series, type Stack, type Window } from "./stack";
import {
  applyWindow,
  CT_DEFAULT,
  fullWindow,
  percentileWindow,
  previewTable,
  type Rescale,
  type StoredPixels,
  sameWindow,
  storedPixels,
} from "./window";

export interface Picture {
  readonly source: CanvasImageSource;
  /** False while a window is only imitated from an 8-bit preview. */
  readonly exact: boolean;
  /** False while a preview smaller than asked for stands in. */
  readonly sharp: boolean;
  readonly bitmap: ImageBitmap | null;
}

const FALLBACK_SIDES = [null, 2048, 1536, 1024, 768, 512, 384, 256, 192, 128] as const;

const base = (instance: Instance): string => `${instance.sop}#${instance.frame}`;
const previewKey = (instance: Instance, window: Window | null, side: number | null): string =>
  `${base(instance)}|${window === null ? "default" : window.join(",")}|${side ?? "native"}`;

const rescaleOf = (series: Series, instance: Instance): Rescale => ({
  slope: instance.slope ?? series.pixel.slope,
  intercept: instance.intercept ?? series.pixel.intercept,
});

/** Whether the client can window this series itself. */
export const canWindow = (series: Series): boolean =>
  series.pixel.samples === 1 && (series.pixel.bits_allocated === 8 || series.pixel.bits_allocated === 16);

export class Darkroom {
  readonly #stack: Stack;
  readonly #loader: Loader;
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D | null;
  readonly #measured = new Map<string, Window>();
  #developed = "";

  constructor(stack: Stack, loader: Loader) {
    this.#stack = stack;
    this.#loader = loader;
    this.#context = this.#canvas.getContext("2d", { willReadFrequently: true });
  }

  preview(series: Series, instance: Instance, window: Window | null, pixels: number, urgent = false): Job {
    const side = previewSide(series, pixels);
    const url = renderedUrl(this.#stack, series, instance, window, side);
    return { key: previewKey(instance, window, side), url, kind: "preview", urgent };
  }

  stored(series: Series, instance: Instance, urgent = false): Job {
    return { key: base(instance), url: frameUrl(this.#stack, series, instance), kind: "raw", urgent };
  }

  hasStored(instance: Instance): boolean {
    return this.#loader.raw.has(base(instance));
  }

  /** Whether some picture of the slice at this window could be shown at once. */
  isHere(instance: Instance, window: Window | null): boolean {
    return (
      this.hasStored(instance) ||
      FALLBACK_SIDES.some((side) => this.#loader.previews.has(previewKey(instance, window, side)))
    );
  }

  pixels(series: Series, instance: Instance): StoredPixels | null {
    const bytes = this.#loader.raw.get(base(instance));
    return bytes === undefined ? null : storedPixels(bytes, series.pixel, series.rows * series.columns);
  }

  /** The default or the full-range window measured from the stored pixels, null until they are here. */
  measured(series: Series, instance: Instance, kind: "default" | "full"): Window | null {
    if (kind === "default" && series.modality === "CT") return CT_DEFAULT;
    const name = `${kind} ${base(instance)}`;
    const known = this.#measured.get(name);
    if (known !== undefined) return known;
    const pixels = this.pixels(series, instance);
    if (pixels === null) return null;
    const window = (kind === "full" ? fullWindow : percentileWindow)(pixels, rescaleOf(series, instance));
    this.#measured.set(name, window);
    return window;
  }

  /** The best picture at hand, or null when nothing of this slice has arrived. */
  picture(series: Series, instance: Instance, window: Window | null, pixels: number): Picture | null {
    const side = previewSide(series, pixels);
    const asked = this.#loader.previews.get(previewKey(instance, window, side));
    if (asked !== undefined) return { source: asked, exact: true, sharp: true, bitmap: asked };
    // Stored pixels wait until the reader windows: before that the preview is what the server meant.
    if (window !== null && !sameWindow(window, series.window)) {
      const developed = this.#fromStored(series, instance, window);
      if (developed !== null) return developed;
    }
    const near = this.#anySize(instance, window);
    if (near !== null) return { source: near, exact: true, sharp: false, bitmap: near };
    return window === null ? null : this.#standIn(series, instance, window);
  }

  #anySize(instance: Instance, window: Window | null): ImageBitmap | null {
    for (const side of FALLBACK_SIDES) {
      const bitmap = this.#loader.previews.get(previewKey(instance, window, side));
      if (bitmap !== undefined) return bitmap;
    }
    return null;
  }

  #fromStored(series: Series, instance: Instance, window: Window): Picture | null {
    const pixels = this.pixels(series, instance);
    if (pixels === null || this.#context === null) return null;
    const name = `stored ${base(instance)} ${window.join(",")}`;
    if (this.#developed !== name) {
      const image = new ImageData(series.columns, series.rows);
      const inverted = series.pixel.photometric === "MONOCHROME1";
      applyWindow(pixels, new Uint32Array(image.data.buffer), rescaleOf(series, instance), window, inverted);
      this.#put(image, name);
    }
    return { source: this.#canvas, exact: true, sharp: true, bitmap: null };
  }

  #standIn(series: Series, instance: Instance, window: Window): Picture | null {
    const bitmap = this.#anySize(instance, series.window);
    if (bitmap === null || this.#context === null) return null;
    // Without a known window, or in colour, nothing honest can be imitated: the preview is shown as it is.
    if (series.window === null || !canWindow(series) || series.pixel.photometric === "MONOCHROME1") {
      return { source: bitmap, exact: false, sharp: false, bitmap };
    }
    const name = `stand-in ${base(instance)} ${window.join(",")} ${bitmap.width}`;
    if (this.#developed !== name) {
      this.#canvas.width = bitmap.width;
      this.#canvas.height = bitmap.height;
      this.#context.drawImage(bitmap, 0, 0);
      const image = this.#context.getImageData(0, 0, bitmap.width, bitmap.height);
      const table = previewTable(series.window, window);
      const pixels = image.data;
      for (let i = 0; i < pixels.length; i += 4) {
        const shade = table[pixels[i] ?? 0] ?? 0;
        pixels[i] = pixels[i + 1] = pixels[i + 2] = shade;
      }
      this.#put(image, name);
    }
    return { source: this.#canvas, exact: false, sharp: false, bitmap: null };
  }

  #put(image: ImageData, name: string): void {
    this.#canvas.width = image.width;
    this.#canvas.height = image.height;
    this.#context?.putImageData(image, 0, 0);
    this.#developed = name;
  }
}

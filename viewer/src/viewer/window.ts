/** Window and level: presets, the grey table, and windowing of stored pixels.
 *
 * Source: PS3.3 2025e C.11.2.1.2.1 (linear window function), C.7.6.3.1.2 (MONOCHROME1 shown inverted).
 */

import type { PixelFormat, Series, Window } from "./stack";

export interface Preset {
  readonly key: string;
  readonly name: string;
  readonly window: Window;
}

const CT_PRESETS: readonly Preset[] = [
  { key: "1", name: "Soft tissue", window: [40, 400] },
  { key: "2", name: "Lung", window: [-600, 1500] },
  { key: "3", name: "Liver", window: [90, 150] },
  { key: "4", name: "Bone", window: [480, 2500] },
  { key: "5", name: "Brain", window: [40, 80] },
  { key: "6", name: "Subdural", window: [70, 200] },
  { key: "7", name: "Stroke", window: [40, 40] },
  { key: "8", name: "Mediastinum", window: [50, 350] },
  { key: "9", name: "Angio", window: [300, 600] },
];

/** Absolute values for CT; for the rest, widths around the default, since MR has no fixed scale. */
export function presetsFor(series: Series, standard: Window | null): readonly Preset[] {
  if (series.modality === "CT") return CT_PRESETS;
  if (standard === null || series.pixel.samples !== 1) return [];
  const [center, width] = standard;
  const around = (factor: number): Window => tidyWindow([center, width * factor]);
  return [
    { key: "1", name: "Narrow", window: around(0.5) },
    { key: "2", name: "Normal", window: around(1) },
    { key: "3", name: "Wide", window: around(2) },
  ];
}

/** Whole numbers (tenths for narrow windows), so that equal windows have equal addresses; never narrower than 1. */
export function tidyWindow([center, width]: Window): Window {
  const step = width < 20 ? 10 : 1;
  const round = (value: number): number => Math.round(value * step) / step + 0;
  return [round(center), Math.max(1, round(width))];
}

/** Window after dragging by (dx, dy) screen pixels: right widens, down darkens, faster for wider windows. */
export function draggedWindow(start: Window, dx: number, dy: number): Window {
  const speed = Math.max(0.05, start[1] / 400);
  return tidyWindow([start[0] + dy * speed, Math.max(1, start[1] + dx * speed)]);
}

export function sameWindow(a: Window | null, b: Window | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}

/** Grey 0 to 255 of a rescaled value. */
export function grey(value: number, [center, width]: Window): number {
  if (width <= 1) return value <= center - 0.5 ? 0 : 255;
  const share = (value - (center - 0.5)) / (width - 1) + 0.5;
  return Math.round(Math.min(1, Math.max(0, share)) * 255);
}

export type StoredPixels = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** Little-endian pixels of one frame; null when the format is one the client does not window. */
export function storedPixels(bytes: ArrayBuffer, format: PixelFormat, count: number): StoredPixels | null {
  const size = format.bits_allocated / 8;
  if (format.samples !== 1 || (size !== 1 && size !== 2) || bytes.byteLength < count * size) return null;
  if (size === 1) return format.signed ? new Int8Array(bytes, 0, count) : new Uint8Array(bytes, 0, count);
  return format.signed ? new Int16Array(bytes, 0, count) : new Uint16Array(bytes, 0, count);
}

/** The smallest and largest stored value a pixel format can hold. */
function range(pixels: StoredPixels): readonly [number, number] {
  const bits = pixels.BYTES_PER_ELEMENT * 8;
  const signed = pixels instanceof Int8Array || pixels instanceof Int16Array;
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

const OPAQUE = 0xff000000;

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** Packed RGBA for each possible stored value, the lowest first: one look-up per pixel while dragging. */
export function greyTable(
  low: number,
  high: number,
  { slope, intercept }: Rescale,
  window: Window,
  inverted: boolean,
): Uint32Array {
  const table = new Uint32Array(high - low + 1);
  for (let stored = low; stored <= high; stored++) {
    const level = grey(stored * slope + intercept, window);
    const shown = inverted ? 255 - level : level;
    table[stored - low] = (OPAQUE | (shown << 16) | (shown << 8) | shown) >>> 0;
  }
  return table;
}

/** Writes the windowed frame into `out` (one packed RGBA per pixel). */
export function applyWindow(
  pixels: StoredPixels,
  out: Uint32Array,
  rescale: Rescale,
  window: Window,
  inverted: boolean,
): void {
  const [low, high] = range(pixels);
  const table = greyTable(low, high, rescale, window, inverted);
  for (let i = 0; i < pixels.length; i++) out[i] = table[(pixels[i] ?? low) - low] ?? OPAQUE;
}

/** A window holding the 1st to 99.5th percentile of the frame: the server's default where the header gives none. */
export function percentileWindow(pixels: StoredPixels, { slope, intercept }: Rescale): Window {
  const step = Math.max(1, Math.floor(pixels.length / 65536));
  const sample = pixels.filter((_, i) => i % step === 0).sort();
  const at = (share: number): number => (sample[Math.floor(share * (sample.length - 1))] ?? 0) * slope + intercept;
  const [a, b] = [at(0.01), at(0.995)];
  return tidyWindow([(a + b) / 2, Math.abs(b - a)]);
}

/** The server's default for a CT whose header names no window. */
export const CT_DEFAULT: Window = [40, 400];

/** The window that shows every value present ("full dynamic"). */
export function fullWindow(pixels: StoredPixels, { slope, intercept }: Rescale): Window {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of pixels) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const [a, b] = [low * slope + intercept, high * slope + intercept];
  return tidyWindow([(a + b) / 2, Math.abs(b - a) + 1]);
}

/** What an 8-bit preview made at `from` looks like at `to`: a stand-in until the stored pixels arrive. */
export function previewTable(from: Window, to: Window): Uint8Array {
  const table = new Uint8Array(256);
  for (let shade = 0; shade < 256; shade++) {
    table[shade] = grey((shade / 255 - 0.5) * Math.max(1, from[1] - 1) + from[0] - 0.5, to);
  }
  return table;
}

/** The shape of stack.json, the one document the viewer reads, and the addresses built from it. */

export type Vector3 = readonly [number, number, number];
export type Orientation = readonly [number, number, number, number, number, number];
/** Centre and width, in the rescaled unit of the series (Hounsfield for CT). */
export type Window = readonly [center: number, width: number];

export interface Instance {
  readonly sop: string;
  /** One-based, as in the DICOMweb path. */
  readonly frame: number;
  /** Image Position (Patient), mm, LPS. */
  readonly position: Vector3 | null;
  readonly number: number;
  /** Rescale of this instance where it differs within the series (PET, some MR). */
  readonly slope?: number;
  readonly intercept?: number;
}

export interface PixelFormat {
  readonly bits_allocated: number;
  readonly signed: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly photometric: string;
  readonly samples: number;
}

export interface Series {
  readonly study: string;
  readonly series: string;
  readonly modality: string;
  readonly label: string;
  readonly number: number;
  /** Frame of Reference UID. */
  readonly for: string | null;
  readonly rows: number;
  readonly columns: number;
  /** Between rows, then between columns, mm (the order of Pixel Spacing). */
  readonly spacing: readonly [number, number] | null;
  readonly orientation: Orientation | null;
  readonly window: Window | null;
  readonly pixel: PixelFormat;
  readonly instances: readonly Instance[];
}

export interface Stack {
  readonly series: readonly Series[];
  /** Templates with {study}, {series}, {sop} and {frame}. */
  readonly frames: string;
  readonly rendered: string;
}

export interface Pin {
  readonly id: string;
  readonly sop: string;
  readonly frame: number;
  /** Image pixels: (0, 0) is the outer corner of the first pixel, x up to columns, y up to rows. */
  readonly x: number;
  readonly y: number;
  readonly window?: Window | null;
  readonly label?: string;
  readonly zoom?: number;
}

export class UnreadableStackError extends Error {}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isPositive = (value: unknown): boolean => typeof value === "number" && value > 0 && Number.isFinite(value);
const isNumbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every((n) => Number.isFinite(n));
const isText = (value: unknown): boolean => typeof value === "string";
const isNullOr = (value: unknown, holds: boolean): boolean => value === null || holds;

function isSeries(value: unknown): value is Series {
  if (!isRecord(value)) return false;
  const { instances, pixel } = value;
  return (
    [value["study"], value["series"], value["modality"], value["label"]].every(isText) &&
    isPositive(value["rows"]) &&
    isPositive(value["columns"]) &&
    isNullOr(value["spacing"], isNumbers(value["spacing"], 2)) &&
    isNullOr(value["orientation"], isNumbers(value["orientation"], 6)) &&
    isNullOr(value["window"], isNumbers(value["window"], 2)) &&
    isRecord(pixel) &&
    isText(pixel["photometric"]) &&
    Array.isArray(instances) &&
    instances.length > 0 &&
    instances.every(isInstance)
  );
}

function isInstance(value: unknown): value is Instance {
  return (
    isRecord(value) &&
    isText(value["sop"]) &&
    isPositive(value["frame"]) &&
    isNullOr(value["position"], isNumbers(value["position"], 3))
  );
}

/** The stack in `value`, or UnreadableStackError: geometry that is half there would put letters on the wrong side. */
export function readStack(value: unknown): Stack {
  if (!isRecord(value) || !Array.isArray(value["series"]) || !isText(value["frames"]) || !isText(value["rendered"])) {
    throw new UnreadableStackError("the stack has no series or no addresses");
  }
  if (value["series"].length === 0 || !value["series"].every(isSeries)) {
    throw new UnreadableStackError("a series of the stack is not as agreed");
  }
  return value as unknown as Stack;
}

export function isPin(value: unknown): value is Pin {
  return (
    isRecord(value) &&
    isText(value["sop"]) &&
    isPositive(value["frame"]) &&
    Number.isFinite(value["x"]) &&
    Number.isFinite(value["y"])
  );
}

function fill(template: string, series: Series, instance: Instance): string {
  const words: Record<string, string> = {
    study: series.study,
    series: series.series,
    sop: instance.sop,
    frame: String(instance.frame),
  };
  return template.replace(/\{(study|series|sop|frame)\}/g, (_, word: string) => encodeURIComponent(words[word] ?? ""));
}

export function frameUrl(stack: Stack, series: Series, instance: Instance): string {
  return fill(stack.frames, series, instance);
}

/** `side` null asks for the native size, `window` null for the window the server holds as default. */
export function renderedUrl(
  stack: Stack,
  series: Series,
  instance: Instance,
  window: Window | null,
  side: number | null,
): string {
  const query: string[] = [];
  if (window !== null) query.push(`window=${window[0]},${window[1]},linear`);
  if (side !== null) query.push(`viewport=${side},${side}`);
  const path = fill(stack.rendered, series, instance);
  return query.length === 0 ? path : `${path}?${query.join("&")}`;
}

const SIDES = [128, 192, 256, 384, 512, 768, 1024, 1536, 2048];

/** The preview side to ask for, in pixels, or null for native: few steps, so that the server's cache is hit. */
export function previewSide(series: Series, neededPixels: number): number | null {
  const native = Math.max(series.rows, series.columns);
  const side = SIDES.find((step) => step >= neededPixels) ?? 2048;
  return side >= native ? (native > 2048 ? 2048 : null) : side;
}

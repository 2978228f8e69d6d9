/** Zoom, pan, flips and turns: where an image pixel lies on the screen, and back.
 *
 * Screen units are CSS pixels, from the top left of the pane. Zoom 1 means "fits the pane".
 */

import type { Turn } from "./geometry";

export interface View extends Turn {
  readonly zoom: number;
  /** Screen offset of the image's centre from the pane's centre. */
  readonly panX: number;
  readonly panY: number;
  readonly inverted: boolean;
}

export const RESET: View = {
  quarter: 0,
  flipH: false,
  flipV: false,
  zoom: 1,
  panX: 0,
  panY: 0,
  inverted: false,
};
export const MIN_ZOOM = 0.25;
export const MAX_ZOOM = 20;

/** Image size in display units: a unit is one column wide, rows are stretched where pixels are not square. */
export interface Extent {
  readonly columns: number;
  readonly rows: number;
  /** Height of a pixel over its width. */
  readonly aspect: number;
}

export interface Pane {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** CSS pixels per display unit when the whole image fits the pane. */
export function fitScale(extent: Extent, pane: Pane, quarter: number): number {
  const tall = extent.rows * extent.aspect;
  const [w, h] = quarter % 2 === 0 ? [extent.columns, tall] : [tall, extent.columns];
  return Math.max(1e-6, Math.min(pane.width / w, pane.height / h));
}

/** Matrix [a, b, c, d, e, f] from display units to screen, as canvas `setTransform` takes it. */
export function matrix(
  view: View,
  extent: Extent,
  pane: Pane,
): readonly [number, number, number, number, number, number] {
  const scale = fitScale(extent, pane, view.quarter) * view.zoom;
  const cos = [1, 0, -1, 0][view.quarter % 4] ?? 1;
  const sin = [0, 1, 0, -1][view.quarter % 4] ?? 0;
  const sx = scale * (view.flipH ? -1 : 1);
  const sy = scale * (view.flipV ? -1 : 1);
  const [a, b, c, d] = [cos * sx, sin * sx, -sin * sy, cos * sy];
  const [midX, midY] = [extent.columns / 2, (extent.rows * extent.aspect) / 2];
  const e = pane.width / 2 + view.panX - a * midX - c * midY;
  const f = pane.height / 2 + view.panY - b * midX - d * midY;
  return [a, b, c, d, e, f];
}

/** Screen position of an image point given in pixels (column, row). */
export function toScreen(point: Point, view: View, extent: Extent, pane: Pane): Point {
  const [a, b, c, d, e, f] = matrix(view, extent, pane);
  const y = point.y * extent.aspect;
  return { x: a * point.x + c * y + e, y: b * point.x + d * y + f };
}

/** Image position, in pixels (column, row), of a screen point; may lie outside the image. */
export function toImage(screen: Point, view: View, extent: Extent, pane: Pane): Point {
  const [a, b, c, d, e, f] = matrix(view, extent, pane);
  const size = a * d - b * c;
  const [dx, dy] = [screen.x - e, screen.y - f];
  return { x: (d * dx - c * dy) / size, y: (a * dy - b * dx) / size / extent.aspect };
}

export function isInside(point: Point, extent: Extent): boolean {
  return point.x >= 0 && point.y >= 0 && point.x <= extent.columns && point.y <= extent.rows;
}

/** Zoomed by `factor` so that what lies under `anchor` (screen) stays there. */
export function zoomedAt(view: View, factor: number, anchor: Point, pane: Pane): View {
  const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, view.zoom * factor));
  const ratio = zoom / view.zoom;
  const [ox, oy] = [anchor.x - pane.width / 2, anchor.y - pane.height / 2];
  return { ...view, zoom, panX: ox - (ox - view.panX) * ratio, panY: oy - (oy - view.panY) * ratio };
}

/** Turned a quarter clockwise (`by` 1) or anticlockwise (`by` -1), keeping the point in the middle. */
export function turned(view: View, by: 1 | -1): View {
  const [panX, panY] = by === 1 ? [-view.panY, view.panX] : [view.panY, -view.panX];
  return { ...view, quarter: (view.quarter + by + 4) % 4, panX, panY };
}

/** Mirrored left to right on the screen as it stands now, whatever the turn. */
export function flipped(view: View, axis: "h" | "v"): View {
  const sideways = view.quarter % 2 === 1;
  const acrossColumns = (axis === "h") !== sideways;
  const next = acrossColumns ? { flipH: !view.flipH } : { flipV: !view.flipV };
  return {
    ...view,
    ...next,
    panX: axis === "h" ? -view.panX : view.panX,
    panY: axis === "v" ? -view.panY : view.panY,
  };
}

/** Panned so that an image point (pixels) stands in the middle of the pane. */
export function centredOn(point: Point, view: View, extent: Extent, pane: Pane): View {
  const now = toScreen(point, view, extent, pane);
  return { ...view, panX: view.panX + pane.width / 2 - now.x, panY: view.panY + pane.height / 2 - now.y };
}

/** Whether the view shows the whole image, as after a reset. */
export const isFit = (view: View): boolean => view.zoom === 1 && view.panX === 0 && view.panY === 0;

export interface ScaleBar {
  readonly mm: number;
  readonly pixels: number;
}

/** The longest round length that takes at most `room` screen pixels; null when the spacing is not known. */
export function scaleBar(
  columnSpacing: number | null,
  view: View,
  extent: Extent,
  pane: Pane,
  room: number,
): ScaleBar | null {
  if (columnSpacing === null || columnSpacing <= 0) return null;
  const perMm = (fitScale(extent, pane, view.quarter) * view.zoom) / columnSpacing;
  const lengths = [500, 200, 100, 50, 20, 10, 5, 2, 1];
  const mm = lengths.find((length) => length * perMm <= room);
  return mm === undefined ? null : { mm, pixels: mm * perMm };
}

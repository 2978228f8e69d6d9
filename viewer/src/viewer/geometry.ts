/** Where slices lie in the patient: order, parallel series, nearest slice, letters at the edges.
 *
 * Units are millimetres; axes are LPS (x to the patient's left, y to the back, z to the head).
 * Source: PS3.3 2025e C.7.6.2.1.1 (Image Position and Orientation), C.7.6.1.1.1 (Patient Orientation letters).
 */

import type { Instance, Orientation, Series, Vector3 } from "./stack";

/** Cosine above which two planes count as parallel: about 5 degrees, so that a gantry tilt still tells them apart. */
const PARALLEL = 0.996;
/** A direction shows a second letter once it leans this much (about 15 degrees) towards another axis. */
const LEAN = 0.26;
/** Further than this many slice gaps away is not "the same place" any more. */
const OUTSIDE_GAPS = 1.5;

export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const negate = (v: Vector3): Vector3 => [-v[0], -v[1], -v[2]];

/** Direction in the patient in which x grows (along a row). */
export const rowDirection = (o: Orientation): Vector3 => [o[0], o[1], o[2]];
/** Direction in the patient in which y grows (down a column). */
export const columnDirection = (o: Orientation): Vector3 => [o[3], o[4], o[5]];

/** Unit normal of the plane, or null when the two directions do not span one. */
export function normal(o: Orientation): Vector3 | null {
  const [rx, ry, rz] = rowDirection(o);
  const [cx, cy, cz] = columnDirection(o);
  const n: Vector3 = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
  const length = Math.hypot(...n);
  return length < 0.5 ? null : [n[0] / length, n[1] / length, n[2] / length];
}

/** Letters of a direction, the strongest first: "L", "PL", "HAR". */
export function letters(direction: Vector3): string {
  const names = [
    ["L", "R"],
    ["P", "A"],
    ["H", "F"],
  ] as const;
  return names
    .map(([positive, negative], axis) => {
      const part = direction[axis] ?? 0;
      return { letter: part > 0 ? positive : negative, size: Math.abs(part) };
    })
    .sort((a, b) => b.size - a.size)
    .filter((axis, rank) => axis.size > (rank === 0 ? 1e-4 : LEAN))
    .map((axis) => axis.letter)
    .join("");
}

export interface Turn {
  /** Quarter turns clockwise, 0 to 3, done after the flips. */
  readonly quarter: number;
  readonly flipH: boolean;
  readonly flipV: boolean;
}

export interface Edges {
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly left: string;
}

/** Letters at the four edges of the screen after flips, then the clockwise turn; null without orientation. */
export function edgeLetters(orientation: Orientation | null, turn: Turn): Edges | null {
  if (orientation === null || normal(orientation) === null) return null;
  const row = rowDirection(orientation);
  const column = columnDirection(orientation);
  const right = turn.flipH ? negate(row) : row;
  const bottom = turn.flipV ? negate(column) : column;
  // A clockwise quarter turn brings what was on top to the right.
  const around = [negate(bottom), right, bottom, negate(right)] as const;
  const at = (edge: number): string => letters(around[(edge - turn.quarter + 8) % 4] ?? row);
  return { top: at(0), right: at(1), bottom: at(2), left: at(3) };
}

/** Distance of each instance along the normal of its series, mm; null where the geometry does not say. */
export function distances(series: Series): readonly (number | null)[] {
  const axis = series.orientation === null ? null : normal(series.orientation);
  return series.instances.map((i) => (axis === null || i.position === null ? null : dot(axis, i.position)));
}

/** Whether the two series may scroll together: one frame of reference, parallel planes, positions known. */
export function areLinked(a: Series, b: Series): boolean {
  if (a.for === null || a.for !== b.for || a.orientation === null || b.orientation === null) return false;
  const [na, nb] = [normal(a.orientation), normal(b.orientation)];
  return na !== null && nb !== null && Math.abs(dot(na, nb)) > PARALLEL;
}

/** Index in `other` of the slice nearest to `instance` along `other`'s own normal, or null when it lies outside. */
export function nearestSlice(instance: Instance, other: Series): number | null {
  const axis = other.orientation === null ? null : normal(other.orientation);
  if (axis === null || instance.position === null) return null;
  const here = dot(axis, instance.position);
  const gaps = distances(other).map((d) => (d === null ? Number.POSITIVE_INFINITY : Math.abs(d - here)));
  const best = gaps.reduce((index, gap, i) => (gap < (gaps[index] ?? 0) ? i : index), 0);
  return (gaps[best] ?? Number.POSITIVE_INFINITY) <= OUTSIDE_GAPS * sliceGap(other) ? best : null;
}

/** The usual gap between neighbours, mm: the median, so that one missing slice does not count. */
export function sliceGap(series: Series): number {
  const known = distances(series).filter((d) => d !== null);
  const gaps = known.slice(1).map((d, i) => Math.abs(d - (known[i] ?? d)));
  const sorted = gaps.filter((gap) => gap > 1e-3).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 10;
}

/** Series for the tests: positions along the normal, nothing else of a study. */

import { normal } from "../src/viewer/geometry";
import type { Instance, Orientation, PixelFormat, Series, Vector3 } from "../src/viewer/stack";

export const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];
export const CORONAL: Orientation = [1, 0, 0, 0, 0, -1];
export const SAGITTAL: Orientation = [0, 1, 0, 0, 0, -1];
export const PIXEL: PixelFormat = {
  bits_allocated: 16,
  signed: true,
  slope: 1,
  intercept: -1024,
  photometric: "MONOCHROME2",
  samples: 1,
};

interface Wish {
  readonly count: number;
  readonly gap: number;
  readonly from?: number;
  readonly orientation?: Orientation;
}

export function series({ count, gap, from = 0, orientation = AXIAL }: Wish): Series {
  const axis = normal(orientation) ?? [0, 0, 1];
  const instances = Array.from({ length: count }, (_, i): Instance => {
    const at = from + i * gap;
    const position: Vector3 = [axis[0] * at, axis[1] * at, axis[2] * at];
    return { sop: `2.25.${1000 + i}`, frame: 1, number: i + 1, position };
  });
  return {
    study: "2.25.1",
    series: `2.25.${gap}`,
    modality: "CT",
    label: `CT · ${count} images`,
    number: 1,
    for: "2.25.7",
    rows: 512,
    columns: 512,
    spacing: [0.5, 0.5],
    orientation,
    window: [40, 400],
    pixel: PIXEL,
    instances,
  };
}

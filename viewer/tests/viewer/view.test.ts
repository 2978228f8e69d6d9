import { describe, expect, it } from "vitest";
import {
  centredOn,
  fitScale,
  flipped,
  isInside,
  RESET,
  scaleBar,
  toImage,
  toScreen,
  turned,
  type View,
  zoomedAt,
} from "../../src/viewer/view";

const EXTENT = { columns: 512, rows: 256, aspect: 2 };
const PANE = { width: 800, height: 600 };
const VIEWS: readonly View[] = [
  RESET,
  turned(RESET, 1),
  flipped(turned(RESET, -1), "v"),
  { ...flipped(RESET, "h"), zoom: 3.5, panX: 120, panY: -40 },
];

describe("pins between image and screen", () => {
  it("come back to the same pixel through every view, pixels that are not square included", () => {
    for (const view of VIEWS) {
      for (const point of [
        { x: 0, y: 0 },
        { x: 100.5, y: 200.25 },
        { x: 512, y: 256 },
      ]) {
        const back = toImage(toScreen(point, view, EXTENT, PANE), view, EXTENT, PANE);
        expect(back.x).toBeCloseTo(point.x, 6);
        expect(back.y).toBeCloseTo(point.y, 6);
      }
    }
  });

  it("put the middle of the image in the middle of the pane", () => {
    for (const view of VIEWS.slice(0, 3)) {
      const middle = toScreen({ x: 256, y: 128 }, view, EXTENT, PANE);
      expect(middle.x).toBeCloseTo(400, 6);
      expect(middle.y).toBeCloseTo(300, 6);
    }
  });

  it("mirror on the screen, whatever the turn", () => {
    const point = { x: 10, y: 20 };
    for (const view of VIEWS) {
      const [before, after] = [view, flipped(view, "h")].map((v) => toScreen(point, v, EXTENT, PANE));
      expect(after?.x).toBeCloseTo(PANE.width - (before?.x ?? 0), 6);
      expect(after?.y).toBeCloseTo(before?.y ?? 0, 6);
    }
  });

  it("stand in the middle after flying there", () => {
    const view = centredOn({ x: 30, y: 40 }, VIEWS[3] ?? RESET, EXTENT, PANE);
    const at = toScreen({ x: 30, y: 40 }, view, EXTENT, PANE);
    expect([at.x, at.y].map(Math.round)).toEqual([400, 300]);
  });

  it("know the inside of the image from the outside", () => {
    expect(isInside({ x: 512, y: 0 }, EXTENT)).toBe(true);
    expect(isInside({ x: 512.1, y: 0 }, EXTENT)).toBe(false);
  });
});

describe("zoom and scale", () => {
  it("fit the longer side, turned or not", () => {
    expect(fitScale(EXTENT, PANE, 0)).toBeCloseTo(600 / 512, 6);
    expect(fitScale({ columns: 200, rows: 100, aspect: 1 }, PANE, 1)).toBe(3);
  });

  it("keep the pixel under the pointer in place", () => {
    const anchor = { x: 600, y: 100 };
    const before = toImage(anchor, RESET, EXTENT, PANE);
    const after = toImage(anchor, zoomedAt(RESET, 2.5, anchor, PANE), EXTENT, PANE);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  it("draw a bar of a round length from the spacing, and none without", () => {
    const square = { columns: 512, rows: 512, aspect: 1 };
    const bar = scaleBar(0.5, { ...RESET, zoom: 1 }, square, { width: 512, height: 512 }, 128);
    expect(bar).toEqual({ mm: 50, pixels: 100 });
    expect(scaleBar(null, RESET, square, PANE, 128)).toBeNull();
  });
});

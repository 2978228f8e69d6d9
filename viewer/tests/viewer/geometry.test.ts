import { describe, expect, it } from "vitest";
import { areLinked, edgeLetters, letters, nearestSlice, normal, sliceGap } from "../../src/viewer/geometry";
import type { Orientation } from "../../src/viewer/stack";
import { flipped, RESET, turned, type View } from "../../src/viewer/view";
import { AXIAL, CORONAL, SAGITTAL, series } from "../study";

const edges = (orientation: Orientation, view: View = RESET): string => {
  const found = edgeLetters(orientation, view);
  return found === null ? "" : [found.top, found.right, found.bottom, found.left].join(" ");
};

describe("letters at the edges", () => {
  it("follow the orientation of each plane", () => {
    expect(edges(AXIAL)).toBe("A L P R");
    expect(edges(CORONAL)).toBe("H L F R");
    expect(edges(SAGITTAL)).toBe("H P F A");
  });

  it("follow a flip left to right and a flip top to bottom", () => {
    expect(edges(AXIAL, flipped(RESET, "h"))).toBe("A R P L");
    expect(edges(AXIAL, flipped(RESET, "v"))).toBe("P L A R");
  });

  it("follow a turn to the right and come home after four", () => {
    expect(edges(AXIAL, turned(RESET, 1))).toBe("R A L P");
    expect(edges(AXIAL, turned(RESET, -1))).toBe("L P R A");
    const four = [1, 2, 3, 4].reduce((view) => turned(view, 1), RESET);
    expect(edges(AXIAL, four)).toBe("A L P R");
  });

  it("mirror what is on the screen when a turned image is flipped", () => {
    expect(edges(AXIAL, flipped(turned(RESET, 1), "h"))).toBe("R P L A");
    expect(edges(AXIAL, turned(flipped(RESET, "h"), 1))).toBe("L A R P");
  });

  it("name the second axis of an oblique plane, the strongest first", () => {
    expect(edges([0.906, 0.423, 0, 0, 0, -1])).toBe("H LP F RA");
    expect(edges([0.5, 0.866, 0, 0, 0, -1])).toBe("H PL F AR");
  });

  it("leave out a lean of a few degrees", () => {
    expect(letters([0.99, 0.14, 0])).toBe("L");
  });

  it("are absent when the orientation is missing or spans no plane", () => {
    expect(edgeLetters(null, RESET)).toBeNull();
    expect(edgeLetters([1, 0, 0, 1, 0, 0], RESET)).toBeNull();
  });
});

describe("linking by position", () => {
  const thin = series({ count: 101, gap: 1 });
  const thick = series({ count: 21, gap: 5 });

  it("has the normal along the head for an axial series", () => {
    expect(normal(AXIAL)).toEqual([0, 0, 1]);
  });

  it("finds the slice at the same place in a series of other thickness", () => {
    expect(nearestSlice(thin.instances[50] as never, thick)).toBe(10);
    expect(nearestSlice(thick.instances[3] as never, thin)).toBe(15);
  });

  it("finds the same place when the other series runs the other way", () => {
    const reversed = { ...thick, instances: [...thick.instances].reverse() };
    expect(nearestSlice(thin.instances[0] as never, reversed)).toBe(20);
  });

  it("gives no slice when the place lies outside the other series", () => {
    const low = series({ count: 10, gap: 1, from: 500 });
    expect(nearestSlice(low.instances[0] as never, thick)).toBeNull();
  });

  it("links only parallel series of one frame of reference", () => {
    expect(areLinked(thin, thick)).toBe(true);
    expect(areLinked(thin, series({ count: 5, gap: 1, orientation: CORONAL }))).toBe(false);
    expect(areLinked(thin, { ...thick, for: "2.25.99" })).toBe(false);
    expect(areLinked({ ...thin, for: null }, { ...thick, for: null })).toBe(false);
  });

  it("takes the usual gap, not one left by a missing slice", () => {
    const holed = { ...thick, instances: thick.instances.filter((_, i) => i !== 4) };
    expect(sliceGap(holed)).toBe(5);
  });
});

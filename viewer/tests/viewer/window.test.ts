import { describe, expect, it } from "vitest";
import {
  applyWindow,
  draggedWindow,
  fullWindow,
  grey,
  greyTable,
  percentileWindow,
  presetsFor,
  previewTable,
  storedPixels,
  tidyWindow,
} from "../../src/viewer/window";
import { PIXEL, series } from "../study";

const CT = { slope: 1, intercept: -1024 };

describe("the linear window of PS3.3 C.11.2.1.2.1", () => {
  it("is black at its lower end, white at its upper end, and clips outside", () => {
    expect(grey(-160, [40, 400])).toBe(0);
    expect(grey(239, [40, 400])).toBe(255);
    expect(grey(-2000, [40, 400])).toBe(0);
    expect(grey(3000, [40, 400])).toBe(255);
  });

  it("is a step for width 1", () => {
    expect(grey(39, [40, 1])).toBe(0);
    expect(grey(40, [40, 1])).toBe(255);
  });

  it("never falls while the value rises", () => {
    const shades = Array.from({ length: 500 }, (_, i) => grey(i - 250, [0, 300]));
    expect(shades.every((shade, i) => i === 0 || shade >= (shades[i - 1] ?? 0))).toBe(true);
  });
});

describe("the table and the frame", () => {
  it("agree with the window for every stored value, rescale included", () => {
    const table = greyTable(0, 4095, CT, [40, 80], false);
    for (const stored of [0, 1000, 1024, 1064, 1080, 4095]) {
      expect((table[stored] ?? 0) & 0xff).toBe(grey(stored - 1024, [40, 80]));
    }
  });

  it("show signed pixels right and MONOCHROME1 inverted, always opaque", () => {
    const pixels = new Int16Array([-1024, 1064, 3000]);
    const out = new Uint32Array(3);
    applyWindow(pixels, out, CT, [40, 80], false);
    expect([...out].map((rgba) => rgba & 0xff)).toEqual([0, grey(40, [40, 80]), 255]);
    expect([...out].every((rgba) => rgba >>> 24 === 255)).toBe(true);
    applyWindow(pixels, out, CT, [40, 80], true);
    expect((out[0] ?? 0) & 0xff).toBe(255);
  });

  it("refuse a frame shorter than its rows and columns, and colour", () => {
    expect(storedPixels(new ArrayBuffer(7), PIXEL, 4)).toBeNull();
    expect(storedPixels(new ArrayBuffer(12), { ...PIXEL, samples: 3 }, 4)).toBeNull();
    expect(storedPixels(new ArrayBuffer(8), PIXEL, 4)).toHaveLength(4);
  });

  it("stand in for a new window from the 8-bit preview within two shades where it did not clip", () => {
    const table = previewTable([40, 400], [40, 200]);
    for (const value of [-50, 0, 40, 90, 130]) {
      expect(Math.abs((table[grey(value, [40, 400])] ?? 0) - grey(value, [40, 200]))).toBeLessThanOrEqual(2);
    }
  });
});

describe("windows to choose from", () => {
  it("are absolute for CT", () => {
    const presets = presetsFor(series({ count: 1, gap: 1 }), [40, 400]);
    expect(presets.find((p) => p.key === "5")?.window).toEqual([40, 80]);
    expect(presets).toHaveLength(9);
  });

  it("are narrow, normal and wide around the default for MR", () => {
    const mr = { ...series({ count: 1, gap: 1 }), modality: "MR" };
    expect(presetsFor(mr, [300, 600]).map((p) => p.window)).toEqual([
      [300, 300],
      [300, 600],
      [300, 1200],
    ]);
    expect(presetsFor(mr, null)).toEqual([]);
  });

  it("widen to the right, darken downwards, and never get narrower than one", () => {
    expect(draggedWindow([40, 400], 100, 10)).toEqual([50, 500]);
    expect(draggedWindow([40, 400], -5000, 0)[1]).toBe(1);
  });

  it("are rounded so that equal windows have equal addresses", () => {
    expect(tidyWindow([40.4, 399.6])).toEqual([40, 400]);
    expect(tidyWindow([0.44, 1.26])).toEqual([0.4, 1.3]);
  });

  it("are measured: nearly all values by percentiles, all of them for full range", () => {
    const pixels = Int16Array.from({ length: 1000 }, (_, i) => (i === 999 ? 30000 : i));
    expect(percentileWindow(pixels, { slope: 1, intercept: 0 })[1]).toBeLessThan(1000);
    expect(fullWindow(pixels, { slope: 1, intercept: 0 })).toEqual([15000, 30001]);
  });
});

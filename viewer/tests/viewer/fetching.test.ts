import { describe, expect, it } from "vitest";
import { wheelSlices } from "../../src/viewer/gestures";
import { commandFor } from "../../src/viewer/keys";
import { ByteCache } from "../../src/viewer/lru";
import { pinsOn } from "../../src/viewer/pins";
import { interleaved, prefetchOrder } from "../../src/viewer/prefetch";
import { frameUrl, previewSide, readStack, renderedUrl, UnreadableStackError } from "../../src/viewer/stack";
import { series } from "../study";

const STACK = {
  series: [series({ count: 3, gap: 1 })],
  frames: "/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/{frame}",
  rendered: "/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/{frame}/rendered",
};

describe("the order of fetching", () => {
  it("goes outward on both sides when the reader stands still", () => {
    expect(prefetchOrder(5, 11, 0, 3)).toEqual([5, 6, 4, 7, 3, 8, 2]);
  });

  it("goes two ahead for one behind while she moves", () => {
    expect(prefetchOrder(5, 20, 1, 4)).toEqual([5, 6, 7, 4, 8, 9, 3, 2, 1]);
    expect(prefetchOrder(5, 20, -1, 3)).toEqual([5, 4, 3, 6, 2, 7, 8]);
  });

  it("stays inside the stack and names each slice once", () => {
    const order = prefetchOrder(1, 10, 1, 400);
    expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("takes turns between two panes", () => {
    expect(interleaved([[1, 3, 5], [2], []])).toEqual([1, 2, 3, 5]);
  });
});

describe("the cache", () => {
  it("drops the longest unused first and never what is on screen", () => {
    const dropped: string[] = [];
    const cache = new ByteCache<string>(
      30,
      (value) => dropped.push(value),
      (value) => value === "shown",
    );
    cache.set("a", "shown", 10);
    cache.set("b", "old", 10);
    cache.set("c", "used", 10);
    cache.get("b");
    cache.set("d", "new", 10);
    expect(dropped).toEqual(["used"]);
    expect(cache.bytes).toBe(30);
    cache.set("b", "again", 5);
    expect(cache.bytes).toBe(25);
    cache.clear();
    expect(cache.bytes).toBe(0);
  });
});

describe("addresses", () => {
  const [one] = STACK.series;
  const instance = one?.instances[0];
  if (one === undefined || instance === undefined) throw new Error("no series");

  it("name study, series, instance and frame, window and size", () => {
    expect(frameUrl(STACK, one, instance)).toBe("/dicom-web/studies/2.25.1/series/2.25.1/instances/2.25.1000/frames/1");
    expect(renderedUrl(STACK, one, instance, [40, 400], 256)).toMatch(
      /rendered\?window=40,400,linear&viewport=256,256$/,
    );
    expect(renderedUrl(STACK, one, instance, null, null)).toMatch(/\/rendered$/);
  });

  it("ask in few steps and never for more than the instance has", () => {
    expect(previewSide(one, 130)).toBe(192);
    expect(previewSide(one, 300)).toBe(384);
    expect(previewSide(one, 900)).toBeNull();
    expect(previewSide({ ...one, rows: 3000, columns: 2500 }, 5000)).toBe(2048);
  });

  it("refuse a stack that is not as agreed", () => {
    expect(readStack(STACK)).toBe(STACK);
    expect(() => readStack({ ...STACK, series: [] })).toThrow(UnreadableStackError);
    expect(() => readStack({ ...STACK, series: [{ ...one, orientation: [1, 0] }] })).toThrow(UnreadableStackError);
  });

  it("keep pins to their instance and frame", () => {
    const pin = { id: "1", sop: "2.25.1000", frame: 1, x: 1, y: 1 };
    expect(pinsOn([pin, { ...pin, frame: 2 }, { ...pin, sop: "2.25.1001" }], instance)).toEqual([pin]);
  });
});

describe("keys and wheel", () => {
  const press = (key: string, held: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
    commandFor({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

  it("follow the key table", () => {
    expect(["j", "K", "Home", "PageDown", "5", "`", "0"].map((key) => press(key))).toEqual([
      "next",
      "previous",
      "first",
      "nextSeries",
      "preset:5",
      "preset:default",
      "preset:full",
    ]);
    expect(press("R", { shiftKey: true })).toBe("turnBack");
    expect(press("r")).toBe("turn");
    expect(press("?", { shiftKey: true })).toBe("help");
    expect(press("+", { shiftKey: true })).toBe("zoomIn");
  });

  it("leave the browser's own chords and unknown keys alone", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("y")).toBeNull();
    expect(press(" ", { shiftKey: true })).toBeNull();
  });

  it("move one slice a notch and gather the small steps of a track pad", () => {
    expect(wheelSlices(100, 0, 0)).toEqual({ slices: 1, rest: 0 });
    expect(wheelSlices(-3, 1, 0).slices).toBe(-1);
    expect(wheelSlices(20, 0, 0)).toEqual({ slices: 0, rest: 20 });
    expect(wheelSlices(20, 0, 20)).toEqual({ slices: 1, rest: 10 });
  });
});

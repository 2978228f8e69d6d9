import { describe, expect, it } from "vitest";
import { backOff, readMessage, withLast } from "../../src/live/message";

describe("server-sent events", () => {
  it("carry their kind as a name or inside", () => {
    expect(readMessage("comment", '{"subject":"1"}')).toEqual({ kind: "comment", detail: { subject: "1" } });
    expect(readMessage("message", '{"kind":"draft"}')?.kind).toBe("draft");
  });

  it("are dropped when they are not as agreed", () => {
    expect(readMessage("message", "not json")).toBeNull();
    expect(readMessage("message", "{}")).toBeNull();
    expect(readMessage("message", "null")).toBeNull();
    expect(readMessage("message", '{"kind":"Odd kind"}')).toBeNull();
  });

  it("are asked for again more and more slowly, at most every half minute", () => {
    expect(backOff(0, 1)).toBe(1000);
    expect(backOff(3, 1)).toBe(8000);
    expect(backOff(50, 1)).toBe(30_000);
    expect(backOff(3, 0)).toBe(4000);
  });

  it("tell a new source where the last one stopped", () => {
    expect(withLast("/events", "")).toBe("/events");
    expect(withLast("/events?a=1", "7")).toBe("/events?a=1&last=7");
  });
});

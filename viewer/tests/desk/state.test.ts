import { describe, expect, it } from "vitest";
import {
  type Asked,
  add,
  approve,
  approveAlike,
  approvedCount,
  begin,
  drop,
  fit,
  go,
  History,
  nextOpen,
  nudge,
  type Picture,
  put,
  type State,
  select,
  shown,
  wordOn,
} from "../../src/desk/state";

const BANNER = [0, 0, 10, 0, 90, 8, "text", "network", 0.9];

function asked(id: string, more: Partial<Asked> = {}): Asked {
  return {
    proposal_id: id,
    modality: "US",
    reason: { code: "burned-in-text", message: "Text was found.", remedy: "Look." },
    regions: [BANNER],
    kept: [],
    rows: 60,
    columns: 100,
    frames: 1,
    pictures: [0],
    has_device_mask: false,
    ...more,
  };
}

function nth(state: State, at: number): Picture {
  const picture = state.all[at];
  if (picture === undefined) throw new Error("no such picture");
  return picture;
}

describe("the desk", () => {
  it("groups pictures with the same proposal, and groups stand together", () => {
    const state = begin([asked("a"), asked("b", { regions: [] }), asked("c")]);
    expect(state.all.map((one) => one.id)).toEqual(["a", "c", "b"]);
    expect(state.all.map((one) => one.group)).toEqual([0, 0, 1]);
  });

  it("goes to the next picture without a word, and stays when all have one", () => {
    let state = approve(begin([asked("a"), asked("b")]));
    expect(state.at).toBe(1);
    state = approve(state);
    expect(approvedCount(state)).toBe(2);
    expect(nextOpen(state)).toBe(state);
    expect(go(state, 99).at).toBe(1);
  });

  it("approves all alike with the boxes of the one shown, and leaves those alone that were changed", () => {
    let state = begin([asked("a"), asked("b"), asked("c"), asked("d", { regions: [] })]);
    state = add(go(state, 1));
    state = approveAlike(drop(go(state, 0)));
    expect(state.all.map((one) => one.approved)).toEqual([true, false, true, false]);
    expect(wordOn(nth(state, 2))).toEqual({ proposal: "c", regions: [], kept: [BANNER], rule: "all alike" });
    expect(state.all[1]?.boxes).toHaveLength(2);
  });

  it("takes pictures whose boxes waver for alike, each with its own, and others not", () => {
    const wavers = [0, 0, 12, 0, 92, 9, "text", "network", 0.8];
    const elsewhere = [0, 0, 10, 40, 90, 60, "text", "network", 0.8];
    let state = begin([asked("a"), asked("b", { regions: [wavers] }), asked("c", { regions: [elsewhere] })]);
    expect(state.all.map((one) => one.group)).toEqual([0, 0, 1]);
    state = approveAlike(add(state, { left: 3, top: 50, right: 9, bottom: 55 }));
    expect(wordOn(nth(state, 1))["regions"]).toEqual([wavers, [0, 0, 3, 50, 9, 55, "drawn", "person", 1]]);
    expect(nth(state, 2).approved).toBe(false);
  });

  it("a box that was moved masks in all alike too, besides their own", () => {
    let state = begin([asked("a"), asked("b")]);
    state = approveAlike(nudge(select(state, 0), 0, 30, false));
    expect(wordOn(nth(state, 0))["regions"]).toHaveLength(1);
    expect(wordOn(nth(state, 1))["regions"]).toHaveLength(2);
  });

  it("takes a word back when a box of the picture is changed", () => {
    let state = approve(begin([asked("a")]));
    expect(shown(state)?.approved).toBe(true);
    state = drop(state);
    expect(shown(state)?.approved).toBe(false);
  });

  it("keeps a dropped proposal as seen and left, forgets a drawn box, and masks again on a second drop", () => {
    let state = drop(begin([asked("a")]));
    expect(wordOn(nth(state, 0))).toMatchObject({ regions: [], kept: [BANNER] });
    state = drop(select(state, 0));
    expect(wordOn(nth(state, 0))).toMatchObject({ regions: [BANNER], kept: [] });
    state = drop(add(state));
    expect(state.all[0]?.boxes).toHaveLength(1);
  });

  it("draws, moves and sizes boxes inside the picture alone", () => {
    let state = add(begin([asked("a", { regions: [] })]));
    expect(shown(state)?.boxes[0]).toMatchObject({ left: 25, top: 0, right: 75, bottom: 5, source: "person" });
    state = nudge(state, 500, -3, false);
    expect(shown(state)?.boxes[0]).toMatchObject({ left: 50, top: 0, right: 100, bottom: 5 });
    state = nudge(state, -500, 10, true);
    expect(shown(state)?.boxes[0]).toMatchObject({ left: 50, top: 0, right: 51, bottom: 15 });
    state = put(state, { left: -5.4, top: 2.2, right: 1e9, bottom: Number.MAX_SAFE_INTEGER });
    expect(shown(state)?.boxes[0]).toMatchObject({ left: 0, top: 2, right: 100, bottom: 60 });
    expect(fit({ left: 7, top: 7, right: 7, bottom: 7 }, { rows: 9, columns: 9 })).toMatchObject({
      right: 8,
      bottom: 8,
    });
  });

  it("moving a proposal that was left alone masks it again", () => {
    const state = nudge(drop(begin([asked("a")])), 1, 0, false);
    expect(shown(state)?.boxes[0]?.kept).toBe(false);
  });

  it("says which rule a word was given by", () => {
    expect(approve(begin([asked("a", { has_device_mask: true })])).all[0]?.rule).toBe("device");
    expect(approveAlike(begin([asked("a", { has_device_mask: true })])).all[0]?.rule).toBe("device, all alike");
  });

  it("undoes what was said step by step, a drag as one, and never the looking", () => {
    const history = new History(begin([asked("a"), asked("b")]));
    history.take(go(history.now, 1));
    expect(history.canUndo).toBe(false);
    history.take(add(history.now));
    history.take(put(history.now, { left: 1, top: 1, right: 5, bottom: 5 }), true);
    history.take(approve(history.now));
    history.undo();
    expect(approvedCount(history.now)).toBe(0);
    history.undo();
    expect(history.now.all[1]?.boxes).toHaveLength(1);
    history.undo();
    expect(history.canUndo).toBe(false);
  });

  it("does nothing where nothing waits", () => {
    const empty = begin([]);
    for (const step of [approve, approveAlike, drop, nextOpen]) expect(step(empty).all).toEqual([]);
    expect(add(empty)).toBe(empty);
    expect(nudge(empty, 1, 1, false)).toBe(empty);
    expect(select(empty, 3).box).toBe(-1);
  });
});

/** What the person at the desk has said so far: pure, every step gives a new state and can be undone.
 *
 * A box is on frames `first` to `last`; a proposal that is dropped stays known as `kept`: seen, and left in the picture.
 */

export interface Box {
  readonly first: number;
  readonly last: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly kind: string;
  readonly source: string;
  readonly score: number;
  readonly kept: boolean;
  /** Whether a person has given it another place. */
  readonly moved?: boolean;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Picture {
  readonly id: string;
  readonly modality: string;
  readonly reason: Reason;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** Frame numbers on the sheet, -1 for all frames at once. */
  readonly pictures: readonly number[];
  readonly group: number;
  readonly fromDevice: boolean;
  readonly boxes: readonly Box[];
  readonly touched: boolean;
  readonly approved: boolean;
  readonly rule: string;
}

export interface State {
  readonly all: readonly Picture[];
  readonly at: number;
  /** The selected box of the picture shown, -1 for none. */
  readonly box: number;
}

type Told = readonly (number | string)[];

function boxOf(told: Told, kept: boolean): Box {
  const [first, last, left, top, right, bottom] = told.slice(0, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const kind = String(told[6]);
  return { first, last, left, top, right, bottom, kind, source: String(told[7]), score: Number(told[8]), kept };
}

export interface Asked {
  readonly proposal_id: string;
  readonly modality: string;
  readonly reason: Reason;
  readonly regions: readonly Told[];
  readonly kept: readonly Told[];
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly pictures: readonly number[];
  readonly has_device_mask: boolean;
}

const GRID = { across: 96, down: 72 } as const;
/** Share of what either covers: detectors waver by a few points from one slice to the next. */
const ALIKE = 0.7;
const SAME_PLACE = 0.7;

/** Which cells of a grid over the picture lie under the boxes, by their middles. */
function footprint(boxes: readonly Box[], rows: number, columns: number): Uint8Array {
  const cells = new Uint8Array(GRID.across * GRID.down);
  const at = (value: number, size: number, count: number): number =>
    Math.max(0, Math.min(count, Math.ceil((value / size) * count - 0.5)));
  for (const box of boxes) {
    const [left, right] = [at(box.left, columns, GRID.across), at(box.right, columns, GRID.across)];
    for (let y = at(box.top, rows, GRID.down); y < at(box.bottom, rows, GRID.down); y++) {
      cells.fill(1, y * GRID.across + left, y * GRID.across + right);
    }
  }
  return cells;
}

interface Kind {
  readonly words: string;
  readonly footprint: Uint8Array;
}

function alike(one: Kind, other: Kind): boolean {
  if (one.words !== other.words) return false;
  let [both, either] = [0, 0];
  for (const [at, mine] of one.footprint.entries()) {
    const theirs = other.footprint[at] ?? 0;
    both += mine & theirs;
    either += mine | theirs;
  }
  return both >= ALIKE * either;
}

/** The state at the start; pictures with nearly the same proposal share a group, and groups stand together. */
export function begin(asked: readonly Asked[]): State {
  const groups: Kind[] = [];
  const all = asked.map((one): Picture => {
    const boxes = [...one.regions.map((told) => boxOf(told, false)), ...one.kept.map((told) => boxOf(told, true))];
    const words = JSON.stringify([one.reason.code, one.rows, one.columns, one.frames > 1, one.has_device_mask]);
    const kind = { words, footprint: footprint(boxes, one.rows, one.columns) };
    const known = groups.findIndex((other) => alike(other, kind));
    const group = known < 0 ? groups.push(kind) - 1 : known;
    const { proposal_id: id, modality, reason, rows, columns, frames, pictures, has_device_mask: fromDevice } = one;
    const said = { touched: false, approved: false, rule: "" };
    return { id, modality, reason, rows, columns, frames, pictures, fromDevice, group, boxes, ...said };
  });
  return { all: all.sort((a, b) => a.group - b.group), at: 0, box: -1 };
}

export function shown(state: State): Picture | undefined {
  return state.all[state.at];
}

function change(state: State, at: number, what: Partial<Picture>): State {
  return { ...state, all: state.all.map((one, place) => (place === at ? { ...one, ...what } : one)) };
}

function edit(state: State, boxes: readonly Box[], box: number): State {
  // Whoever changes a box takes back her word on the picture: it is another result that she approves.
  return { ...change(state, state.at, { boxes, touched: true, approved: false, rule: "" }), box };
}

export function go(state: State, at: number): State {
  const bounded = Math.max(0, Math.min(state.all.length - 1, at));
  return bounded === state.at ? state : { ...state, at: bounded, box: -1 };
}

/** The next picture without a word, from the one shown on, round to the start; the same when all have one. */
export function nextOpen(state: State): State {
  const { length } = state.all;
  for (let step = 1; step <= length; step++) {
    const at = (state.at + step) % length;
    if (state.all[at]?.approved === false) return go(state, at);
  }
  return state;
}

export function approve(state: State): State {
  return nextOpen(change(state, state.at, { approved: true, rule: shown(state)?.fromDevice ? "device" : "" }));
}

function shared(one: Place, other: Place): number {
  const wide = Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left));
  const high = Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));
  const area = (box: Place): number => (box.right - box.left) * (box.bottom - box.top);
  return (wide * high) / Math.min(area(one), area(other));
}

/** The boxes of `one` with what was changed on `like`: what stands where a box was left is left, new boxes are added. */
function changedAlike(one: Picture, like: Picture): readonly Box[] {
  if (!like.touched) return one.boxes;
  const left = like.boxes.filter((box) => box.kept);
  const own = one.boxes.map((box) =>
    left.some((other) => shared(box, other) >= SAME_PLACE) ? { ...box, kept: true } : box,
  );
  const known = (box: Box): boolean =>
    one.boxes.some((other) => other.left === box.left && other.top === box.top && shared(box, other) === 1);
  // A box that was moved masks here too, besides the one that stands: more is masked, never less.
  const added = like.boxes.filter((box) => !box.kept && (box.source === "person" || box.moved === true) && !known(box));
  return [...own, ...added.map((box) => ({ ...box, first: 0, last: one.frames - 1 }))];
}

/** Approve the picture shown and every open one of its group that nobody has changed, each with its own boxes. */
export function approveAlike(state: State): State {
  const here = shown(state);
  if (here === undefined) return state;
  const rule = here.fromDevice ? "device, all alike" : "all alike";
  const all = state.all.map((one) => {
    if (one === here) return { ...one, approved: true, rule };
    if (one.group !== here.group || one.touched || one.approved) return one;
    return { ...one, boxes: changedAlike(one, here), approved: true, rule };
  });
  return nextOpen({ ...state, all });
}

export function select(state: State, box: number): State {
  const count = shown(state)?.boxes.length ?? 0;
  return { ...state, box: count === 0 ? -1 : ((box % count) + count) % count };
}

/** Take the selected box (or the first that masks) away: a proposal stays known as seen and left, a drawn one goes. */
export function drop(state: State): State {
  const here = shown(state);
  if (here === undefined) return state;
  const at = state.box >= 0 ? state.box : here.boxes.findIndex((one) => !one.kept);
  const box = here.boxes[at];
  if (box === undefined) return state;
  if (box.source === "person")
    return edit(
      state,
      here.boxes.filter((_, place) => place !== at),
      -1,
    );
  const boxes = here.boxes.map((one, place) => (place === at ? { ...one, kept: !one.kept } : one));
  return edit(state, boxes, at);
}

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** `place` in whole pixels inside the picture, at least one pixel wide and high. */
export function fit(place: Place, picture: Pick<Picture, "rows" | "columns">): Place {
  const left = Math.max(0, Math.min(picture.columns - 1, Math.round(place.left)));
  const top = Math.max(0, Math.min(picture.rows - 1, Math.round(place.top)));
  const right = Math.max(left + 1, Math.min(picture.columns, Math.round(place.right)));
  const bottom = Math.max(top + 1, Math.min(picture.rows, Math.round(place.bottom)));
  return { left, top, right, bottom };
}

/** A new box on every frame, selected; without a place it stands where a banner does. */
export function add(state: State, place?: Place): State {
  const here = shown(state);
  if (here === undefined) return state;
  const { columns, rows } = here;
  const usual = { left: columns * 0.25, top: 0, right: columns * 0.75, bottom: rows * 0.08 };
  const box: Box = {
    ...fit(place ?? usual, here),
    first: 0,
    last: here.frames - 1,
    kind: "drawn",
    source: "person",
    score: 1,
    kept: false,
  };
  return edit(state, [...here.boxes, box], here.boxes.length);
}

/** Give the selected box another place; a proposal that was left alone masks again when it is moved. */
export function put(state: State, place: Place): State {
  const here = shown(state);
  if (here === undefined || here.boxes[state.box] === undefined) return state;
  const fitted = fit(place, here);
  const boxes = here.boxes.map((one, at) => (at === state.box ? { ...one, ...fitted, kept: false, moved: true } : one));
  return edit(state, boxes, state.box);
}

/** Move the selected box by (x, y), or with `size` move its right and lower edge alone. */
export function nudge(state: State, x: number, y: number, size: boolean): State {
  const box = shown(state)?.boxes[state.box];
  const here = shown(state);
  if (box === undefined || here === undefined) return state;
  if (size) return put(state, { ...box, right: box.right + x, bottom: box.bottom + y });
  const dx = Math.max(-box.left, Math.min(here.columns - box.right, x));
  const dy = Math.max(-box.top, Math.min(here.rows - box.bottom, y));
  return put(state, { left: box.left + dx, top: box.top + dy, right: box.right + dx, bottom: box.bottom + dy });
}

export function approvedCount(state: State): number {
  return state.all.filter((one) => one.approved).length;
}

/** What is sent of one approved picture: masks, and what was seen and left. */
export function wordOn(one: Picture): Readonly<Record<string, unknown>> {
  const told = (kept: boolean): unknown[] =>
    one.boxes
      .filter((box) => box.kept === kept)
      .map((box) => [box.first, box.last, box.left, box.top, box.right, box.bottom, box.kind, box.source, box.score]);
  return { proposal: one.id, regions: told(false), kept: told(true), rule: one.rule };
}

/** Remembers states, so that each step can be taken back until the words are sent. */
export class History {
  readonly #past: State[] = [];
  #now: State;

  constructor(start: State) {
    this.#now = start;
  }

  get now(): State {
    return this.#now;
  }

  /** Whether there is a step to take back. */
  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  /** Looking elsewhere is no step to take back; saying something is. A drag is one step, told by `same`. */
  take(next: State, same = false): void {
    if (next.all !== this.#now.all && !same) this.#past.push(this.#now);
    this.#now = next;
  }

  undo(): void {
    this.#now = this.#past.pop() ?? this.#now;
  }
}

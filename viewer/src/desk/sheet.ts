/** The contact sheet: every picture small, those with the same proposal together under their reason. */

import { make, setText } from "../dom";
import { say } from "../words";
import { boxesDrawn } from "./stage";
import type { Picture, State } from "./state";

export interface SheetEvents {
  go(at: number): void;
  approveAlike(at: number): void;
}

interface Cell {
  readonly button: HTMLButtonElement;
  readonly image: HTMLImageElement;
  readonly overlay: SVGSVGElement;
  readonly mark: HTMLElement;
}

export class Sheet {
  readonly root = make("div", "ck-sheet", { role: "group" });
  readonly #cells: Cell[] = [];
  readonly #drawn: (Picture | undefined)[] = [];
  readonly #counts: { group: number; line: HTMLElement; button: HTMLButtonElement }[] = [];
  #after: boolean | null = null;

  constructor(state: State, events: SheetEvents) {
    this.root.setAttribute("aria-label", say("deskSheet"));
    const sections = new Map<number, HTMLElement>();
    state.all.forEach((picture, at) => {
      let grid = sections.get(picture.group);
      if (grid === undefined) {
        grid = make("div", "ck-grid");
        sections.set(picture.group, grid);
        this.#section(picture, at, grid, events);
      }
      grid.append(this.#cell(picture, at, state.all.length, events));
    });
  }

  #section(picture: Picture, at: number, grid: HTMLElement, events: SheetEvents): void {
    const count = make("span", "ck-count soft");
    const button = make("button", "button small ck-alike", { type: "button" }, say("deskAlike"));
    button.addEventListener("click", () => events.approveAlike(at));
    const words = picture.fromDevice ? say("deskFromDevice") : picture.reason.message;
    const head = make("div", "ck-group-head", {}, make("h2", "", {}, words), count, button);
    this.root.append(make("section", "ck-group", {}, head, grid));
    this.#counts.push({ group: picture.group, line: count, button });
  }

  #cell(picture: Picture, at: number, count: number, events: SheetEvents): HTMLButtonElement {
    const image = make("img", "", { alt: "", loading: "lazy", decoding: "async" });
    const overlay = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    overlay.setAttribute("viewBox", `0 0 ${picture.columns} ${picture.rows}`);
    overlay.setAttribute("aria-hidden", "true");
    const mark = make("span", "ck-mark", { "aria-hidden": "true" });
    const button = make("button", "ck-thumb", { type: "button", "data-at": at, tabindex: -1 }, image, overlay, mark);
    button.dataset["label"] = say("deskPicture", { n: at + 1, count });
    button.addEventListener("click", () => events.go(at));
    this.#cells.push({ button, image, overlay, mark });
    this.#drawn.push(undefined);
    return button;
  }

  load(url: (picture: Picture, place: number) => string, state: State): void {
    state.all.forEach((picture, at) => {
      const cell = this.#cells[at];
      if (cell !== undefined) cell.image.src = url(picture, picture.pictures.length);
    });
  }

  show(state: State, after: boolean): void {
    state.all.forEach((picture, at) => {
      const cell = this.#cells[at];
      if (cell === undefined) return;
      const here = at === state.at;
      cell.button.tabIndex = here ? 0 : -1;
      cell.button.toggleAttribute("data-here", here);
      if (here) cell.button.setAttribute("aria-current", "true");
      else cell.button.removeAttribute("aria-current");
      if (this.#drawn[at] === picture && this.#after === after) return;
      this.#drawn[at] = picture;
      cell.overlay.replaceChildren(...boxesDrawn(picture.boxes, -1, after));
      cell.button.toggleAttribute("data-approved", picture.approved);
      setText(cell.mark, picture.approved ? "✓" : "");
      const said = say(picture.approved ? "deskApproved" : "deskOpen");
      cell.button.setAttribute("aria-label", `${cell.button.dataset["label"] ?? ""}, ${said}`);
    });
    this.#after = after;
    for (const { group, line, button } of this.#counts) {
      const members = state.all.filter((one) => one.group === group);
      const approved = members.filter((one) => one.approved).length;
      setText(line, say("deskOf", { n: approved, count: members.length }));
      button.disabled = approved === members.length;
    }
  }

  /** Bring the picture shown into sight, and the focus to it when it was in the sheet already. */
  follow(state: State, focus: boolean): void {
    const button = this.#cells[state.at]?.button;
    button?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focus) button?.focus({ preventScroll: true });
  }

  /** How many pictures stand side by side, for the arrows up and down. */
  get across(): number {
    const tops = this.#cells.map((cell) => cell.button.offsetTop);
    return Math.max(1, tops.filter((top) => top === tops[0]).length);
  }
}

/** The tool bar: buttons from the key table, the preset list, and the help page with the key map. */

import { icon, make } from "../dom";
import { say } from "../words";
import { BINDINGS, type Command, keyNames, TOOLBAR } from "./keys";
import type { Window } from "./stack";
import { type Preset, sameWindow } from "./window";

export class Toolbar {
  readonly element = make("div", "cv-toolbar", { role: "toolbar", "aria-label": say("toolbar") });
  readonly #buttons = new Map<Command, HTMLButtonElement>();
  readonly #presets = make("select", "cv-presets", { "aria-label": say("presets") });
  #listed = "";

  constructor(run: (command: Command) => void) {
    for (const entry of TOOLBAR) {
      const binding = BINDINGS.find((b) => b.command === entry.command);
      const name = say(entry.word);
      const title = binding === undefined ? name : `${name} (${keyNames(binding)})`;
      const button = make("button", `cv-button${entry.second ? " cv-second" : ""}`, {
        type: "button",
        "aria-label": name,
        title,
      });
      if (entry.holds) button.setAttribute("aria-pressed", "false");
      button.append(icon(entry.icon));
      button.addEventListener("click", () => run(entry.command));
      this.#buttons.set(entry.command, button);
      this.element.append(button);
      if (entry.command === "tool:window") this.element.append(this.#presets);
    }
    this.#presets.addEventListener("change", () => run(`preset:${this.#presets.value}`));
    this.element.append(this.#more());
  }

  #more(): HTMLButtonElement {
    const more = make("button", "cv-button cv-more", {
      type: "button",
      "aria-label": say("more"),
      "aria-expanded": "false",
    });
    more.append(icon("M5 12h.1M12 12h.1M19 12h.1"));
    more.addEventListener("click", () => {
      const open = this.element.toggleAttribute("data-more");
      more.setAttribute("aria-expanded", String(open));
    });
    return more;
  }

  press(command: Command, pressed: boolean): void {
    const button = this.#buttons.get(command);
    if (button?.getAttribute("aria-pressed") !== String(pressed)) button?.setAttribute("aria-pressed", String(pressed));
  }

  hide(command: Command, hidden: boolean): void {
    this.#buttons.get(command)?.toggleAttribute("hidden", hidden);
  }

  /** Lists the presets of the series on screen and selects the one in force. */
  showPresets(presets: readonly Preset[], window: Window | null, standard: Window | null): void {
    const listed = presets.map((p) => `${p.key} ${p.name} ${p.window.join("/")}`).join("\n");
    if (listed !== this.#listed || this.#presets.options.length === 0) {
      this.#listed = listed;
      const option = (value: string, text: string): HTMLOptionElement => make("option", "", { value }, text);
      this.#presets.replaceChildren(
        option("default", say("presetDefault")),
        ...presets.map((p) => option(p.key, `${p.key} ${p.name} ${p.window[1]}/${p.window[0]}`)),
        option("full", say("presetFull")),
        make("option", "", { value: "own", disabled: true }, say("presetOwn")),
      );
    }
    const chosen = sameWindow(window, standard) ? "default" : presets.find((p) => sameWindow(p.window, window))?.key;
    const value = chosen ?? "own";
    if (this.#presets.value !== value) this.#presets.value = value;
  }
}

const STORED = "confrere.keysOnlyFocused";

/** Whether single keys work only inside the viewer (WCAG 2.1.4); false where storage is closed. */
export function keysOnlyFocused(): boolean {
  try {
    return localStorage.getItem(STORED) === "1";
  } catch {
    return false;
  }
}

export function helpDialog(): HTMLDialogElement {
  const line = (keys: string, does: string): HTMLElement =>
    make("div", "", {}, make("dt", "", {}, make("kbd", "", {}, keys)), make("dd", "", {}, does));
  const lines = BINDINGS.map((binding) => line(keyNames(binding), binding.does));
  const list = make("dl", "cv-keys", {}, ...lines, line("1–9", say("presets")));
  const box = make("input", "", { type: "checkbox" });
  box.checked = keysOnlyFocused();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(STORED, box.checked ? "1" : "0");
    } catch {
      // Storage is closed in private windows: the choice then lasts as long as the page.
    }
  });
  const close = make("button", "cv-close", { type: "button" }, say("close"));
  const head = make("div", "cv-help-head", {}, make("h2", "", {}, say("keysHelp")), close);
  const choice = make("label", "cv-keys-choice", {}, box, ` ${say("keysOnlyFocused")}`);
  const dialog = make("dialog", "cv-help", { "aria-label": say("keysHelp") }, head, list, choice);
  close.addEventListener("click", () => dialog.close());
  return dialog;
}

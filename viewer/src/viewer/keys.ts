/** The key map: one table for the keyboard, the tool bar's titles and the help page. */

import type { Word } from "../words";

export type Tool = "scroll" | "window" | "pan" | "zoom";

export type Command =
  | "next"
  | "previous"
  | "first"
  | "last"
  | "nextSeries"
  | "previousSeries"
  | "nextPane"
  | "previousPane"
  | "reset"
  | "zoomIn"
  | "zoomOut"
  | "fit"
  | "invert"
  | "flipH"
  | "flipV"
  | "turn"
  | "turnBack"
  | "pin"
  | "cine"
  | "two"
  | "full"
  | "help"
  | "cancel"
  | `tool:${Tool}`
  | `preset:${string}`;

interface Binding {
  readonly keys: readonly string[];
  readonly shift?: boolean;
  readonly command: Command;
  /** Words of the help page. */
  readonly does: string;
}

/** Order is the order of the help page. `keys` are KeyboardEvent.key values, letters in lower case. */
export const BINDINGS: readonly Binding[] = [
  { keys: ["ArrowDown", "j"], command: "next", does: "Next slice (also the wheel)" },
  { keys: ["ArrowUp", "k"], command: "previous", does: "Previous slice" },
  { keys: ["Home"], command: "first", does: "First slice" },
  { keys: ["End"], command: "last", does: "Last slice" },
  { keys: ["PageDown"], command: "nextSeries", does: "Next series" },
  { keys: ["PageUp"], command: "previousSeries", does: "Previous series" },
  { keys: ["ArrowRight"], command: "nextPane", does: "Next pane" },
  { keys: ["ArrowLeft"], command: "previousPane", does: "Previous pane" },
  { keys: [" "], command: "reset", does: "Reset view and window" },
  { keys: ["s"], command: "tool:scroll", does: "Left drag scrolls slices" },
  { keys: ["w"], command: "tool:window", does: "Left drag sets window and level" },
  { keys: ["m"], command: "tool:pan", does: "Left drag moves (also the middle button)" },
  { keys: ["z"], command: "tool:zoom", does: "Left drag zooms (also the right button)" },
  { keys: ["0"], command: "preset:full", does: "Full range" },
  { keys: ["`"], command: "preset:default", does: "Default window" },
  { keys: ["+"], command: "zoomIn", does: "Zoom in" },
  { keys: ["-"], command: "zoomOut", does: "Zoom out" },
  { keys: ["="], command: "fit", does: "Fit" },
  { keys: ["i"], command: "invert", does: "Invert" },
  { keys: ["h"], command: "flipH", does: "Flip left to right" },
  { keys: ["v"], command: "flipV", does: "Flip top to bottom" },
  { keys: ["r"], command: "turn", does: "Turn right" },
  { keys: ["r"], shift: true, command: "turnBack", does: "Turn left" },
  { keys: ["p"], command: "pin", does: "Pin a comment" },
  { keys: ["c"], command: "cine", does: "Play or stop" },
  { keys: ["Enter"], command: "full", does: "Full screen (double click: one pane, fit, full screen)" },
  { keys: ["?"], command: "help", does: "This page" },
  { keys: ["Escape"], command: "cancel", does: "Cancel" },
];

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The command of a key, or null. "+" and "?" need Shift on many keyboards, so only letters heed it. */
export function commandFor(pressed: Pressed): Command | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (/^[1-9]$/.test(key)) return `preset:${key}`;
  const heedsShift = /^([a-z ]|.{2,})$/.test(key);
  const found = BINDINGS.find((b) => b.keys.includes(key) && (!heedsShift || (b.shift ?? false) === pressed.shiftKey));
  return found?.command ?? null;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  PageDown: "Page ↓",
  PageUp: "Page ↑",
  " ": "Space",
  Escape: "Esc",
};

export function keyNames(binding: Binding): string {
  const names = binding.keys.map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  return names.map((name) => (binding.shift === true ? `Shift+${name}` : name)).join(" or ");
}

/** Keys are dead while someone types, and on controls that use them themselves. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
}

export interface Tooling {
  readonly command: Command;
  readonly word: Word;
  /** Path of a 24 by 24 icon. */
  readonly icon: string;
  /** Whether the button stays pressed while its state holds. */
  readonly holds: boolean;
  /** Shown on narrow screens only behind "more". */
  readonly second: boolean;
}

const tool = (command: Command, word: Word, icon: string, holds = false, second = true): Tooling => ({
  command,
  word,
  icon,
  holds,
  second,
});

export const TOOLBAR: readonly Tooling[] = [
  tool("tool:scroll", "scroll", "M12 3v18M8 7l4-4 4 4M8 17l4 4 4-4", true, false),
  tool("tool:window", "window", "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16M12 8h6M12 12h8M12 16h6", true, false),
  tool("tool:pan", "pan", "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3", true),
  tool("tool:zoom", "zoom", "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l6 6M7 10h6M10 7v6", true),
  tool("pin", "pin", "M12 21s6-6 6-11a6 6 0 0 0-12 0c0 5 6 11 6 11M12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4", true, false),
  tool("cine", "cine", "M7 4l13 8-13 8z", true, false),
  tool("invert", "invert", "M4 4h16v16H4zM4 20L20 4M9 9H6M7.500 7.500v3M14 16h4", true),
  tool("flipH", "flipH", "M12 3v18M9 7l-6 10h6zM15 7l6 10h-6z"),
  tool("flipV", "flipV", "M3 12h18M7 9l10-6v6zM7 15l10 6v-6z"),
  tool("turn", "turn", "M20 12a8 8 0 1 1-3-6.200M17 2v4h-4"),
  tool("reset", "reset", "M4 12a8 8 0 1 0 3-6.200M7 2v4h4M12 10v4M10 12h4"),
  tool("two", "two", "M3 5h8v14H3zM13 5h8v14h-8z", true),
  tool("full", "full", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", false, false),
  tool("help", "help", "M9 9a3 3 0 1 1 4 3c-1 .500-1 1-1 2M12 17v.500", false),
];

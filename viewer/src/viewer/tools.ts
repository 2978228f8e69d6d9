/** What drags, pinches, taps and aiming keys do to a pane, one case for each tool. */

import type { Drag, GestureTarget } from "./gestures";
import type { Command, Tool } from "./keys";
import type { Pane } from "./pane";
import type { Window } from "./stack";
import { flipped, isInside, type Point, RESET, toImage, turned, type View, zoomedAt } from "./view";
import { draggedWindow, presetsFor } from "./window";

/** What the tools ask of the viewer. */
export interface ToolOwner {
  readonly tool: Tool;
  placePin(pane: Pane, at: Point): void;
  refreshTools(): void;
  enlarge(): void;
  activate(pane: Pane): void;
}

/** Screen pixels per slice while dragging: a short stack moves slowly, a long one fits the pane's height. */
export function pixelsPerSlice(height: number, count: number): number {
  return Math.min(24, Math.max(3, (height * 0.8) / Math.max(1, count)));
}

interface Start {
  readonly index: number;
  readonly view: View;
  readonly window: Window | null;
  readonly at: Point;
}

export function paneGestures(pane: Pane, owner: ToolOwner): GestureTarget {
  let start: Start = { index: 0, view: pane.view, window: null, at: { x: 0, y: 0 } };
  const toolOf = (kind: Drag): Tool => (kind === "tool" ? owner.tool : kind);
  const pinAt = (at: Point): void => {
    const point = toImage(at, pane.view, pane.extent, pane.size);
    if (isInside(point, pane.extent)) owner.placePin(pane, point);
  };
  return {
    dragStart: (_, at) => {
      start = { index: pane.wanted, view: pane.view, window: pane.window ?? pane.standard, at };
    },
    drag: (kind, total) => {
      const tool = toolOf(kind);
      if (tool === "scroll") pane.go(start.index + total.y / pixelsPerSlice(pane.size.height, pane.count));
      else if (tool === "pan") {
        pane.setView({ ...start.view, panX: start.view.panX + total.x, panY: start.view.panY + total.y });
      } else if (tool === "zoom") {
        pane.setView(zoomedAt(start.view, Math.exp(-total.y / 200), start.at, pane.size));
      } else dragWindow(pane, total);
    },
    dragEnd: () => owner.refreshTools(),
    pinch: (factor, centre, moved) => {
      const { view } = pane;
      const panned = { ...view, panX: view.panX + moved.x, panY: view.panY + moved.y };
      pane.setView(zoomedAt(panned, factor, centre, pane.size));
    },
    tap: (at) => pane.pinLayer.aim !== null && pinAt(at),
    longPress: pinAt,
    doubleClick: () => owner.enlarge(),
    wheel: (slices) => pane.go(pane.wanted + slices),
    wheelZoom: (factor, at) => pane.setView(zoomedAt(pane.view, factor, at, pane.size)),
  };

  function dragWindow(on: Pane, total: Point): void {
    // The default of an MR may be unknown until its stored pixels arrive; then the drag begins there.
    start = { ...start, window: start.window ?? on.window ?? on.standard };
    if (start.window === null) on.setMeasured("default");
    else on.setWindow(draggedWindow(start.window, total.x, total.y));
  }
}

const AIM_STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Moves or places the aim of a pin by key; false when no pin is being placed or the key means nothing to it. */
export function aimBy(pane: Pane, key: string, owner: ToolOwner): boolean {
  const { aim } = pane.pinLayer;
  if (aim === null) return false;
  if (key === "Enter") {
    owner.placePin(pane, aim);
    return true;
  }
  const step = AIM_STEPS[key];
  if (step === undefined) return false;
  const { columns, rows } = pane.extent;
  const stride = Math.max(1, columns / 64);
  const within = (value: number, limit: number): number => Math.min(limit, Math.max(0, value));
  pane.pinLayer.aim = {
    x: within(aim.x + step[0] * stride, columns),
    y: within(aim.y + step[1] * stride, rows),
  };
  pane.redraw();
  return true;
}

/** Commands that concern one pane only; others are left alone. */
export function runOnPane(pane: Pane, command: Command): void {
  const { view, size } = pane;
  const middle = { x: size.width / 2, y: size.height / 2 };
  const acts: Partial<Record<Command, () => void>> = {
    next: () => pane.go(pane.wanted + 1),
    previous: () => pane.go(pane.wanted - 1),
    first: () => pane.go(0),
    last: () => pane.go(pane.count - 1),
    zoomIn: () => pane.setView(zoomedAt(view, 1.25, middle, size)),
    zoomOut: () => pane.setView(zoomedAt(view, 0.8, middle, size)),
    fit: () => pane.setView({ ...view, zoom: 1, panX: 0, panY: 0 }),
    invert: () => pane.setView({ ...view, inverted: !view.inverted }),
    flipH: () => pane.setView(flipped(view, "h")),
    flipV: () => pane.setView(flipped(view, "v")),
    turn: () => pane.setView(turned(view, 1)),
    turnBack: () => pane.setView(turned(view, -1)),
    reset: () => {
      pane.setView(RESET);
      pane.setWindow(pane.series.window);
    },
  };
  acts[command]?.();
}

/** "default", "full", or the key of one of the series' presets. */
export function choosePreset(pane: Pane, name: string): void {
  if (name === "default") pane.setWindow(pane.series.window);
  else if (name === "full") pane.setMeasured("full");
  else {
    const preset = presetsFor(pane.series, pane.standard).find((one) => one.key === name);
    if (preset !== undefined) pane.setWindow(preset.window);
  }
}

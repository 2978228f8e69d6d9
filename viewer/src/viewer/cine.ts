/** Plays the slices of the active pane in a loop; it waits for a slice that has not arrived, it never skips one. */

import type { Pane } from "./pane";

const PER_SECOND = 12;

export class Cine {
  readonly #pane: () => Pane;
  #timer = 0;

  constructor(pane: () => Pane) {
    this.#pane = pane;
  }

  get playing(): boolean {
    return this.#timer !== 0;
  }

  play(): void {
    this.#timer = window.setTimeout(() => {
      const pane = this.#pane();
      if (pane.shown === pane.wanted) pane.go(pane.wanted + 1 >= pane.count ? 0 : pane.wanted + 1);
      this.play();
    }, 1000 / PER_SECOND);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}

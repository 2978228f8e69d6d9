/** Small makers of elements: the page's CSP allows neither innerHTML nor inline styles, so all goes through here. */

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** An element of class `name`; a `false` attribute is left out, `true` is written as empty. */
export function make<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  name = "",
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  if (name !== "") element.className = name;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** A drawn icon, 24 by 24, strokes only; the button around it carries the name. */
export function icon(path: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [key, value] of [
    ["viewBox", "0 0 24 24"],
    ["aria-hidden", "true"],
    ["focusable", "false"],
  ] as const) {
    svg.setAttribute(key, value);
  }
  const stroke = document.createElementNS(space, "path");
  stroke.setAttribute("d", path);
  svg.append(stroke);
  return svg;
}

/** Writes text only when it changed: overlays are told their text at every drawn frame. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function emit(target: EventTarget, name: string, detail: unknown): void {
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

/** The JSON inside `<script type="application/json" ATTRIBUTE>` below `root`, or null when absent or broken. */
export function embeddedJson(root: ParentNode, attribute: string): unknown {
  const text = root.querySelector(`script[type="application/json"][${attribute}]`)?.textContent;
  try {
    return text === undefined || text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** Runs `mount` once for every element matching `selector`, now and after htmx has swapped new ones in. */
export function mountEach(selector: string, mount: (element: HTMLElement) => void): void {
  const done = new WeakSet<HTMLElement>();
  const look = (): void => {
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      if (done.has(element)) continue;
      done.add(element);
      mount(element);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", look);
  else look();
  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("confrere:mount", look);
}

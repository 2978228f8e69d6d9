/** Mounting: finds the stack of a section, starts the viewer on it, and says plainly when there is none. */

import { embeddedJson, make } from "../dom";
import { say, translate } from "../words";
import { readStack } from "./stack";
import { Viewer } from "./viewer";

/** Mounts the viewer on a section once its stack is here; a failure is said in the section, with a retry. */
export async function mount(section: HTMLElement): Promise<Viewer | null> {
  translate(embeddedJson(section, "data-words"));
  const controller = new AbortController();
  try {
    const given = embeddedJson(section, "data-stack");
    const stack = readStack(given ?? (await fetchStack(section.dataset["stackUrl"] ?? "")));
    section.addEventListener("confrere:unmount", () => controller.abort(), { once: true });
    return new Viewer(section, stack, controller.signal);
  } catch (error) {
    const gone = error instanceof NotShownError;
    const button = make("button", "cv-retry", { type: "button" }, say("retry"));
    const message = make("p", "cv-failed", { role: "alert" }, say(gone ? "unavailable" : "broken"), button);
    button.addEventListener("click", () => {
      message.remove();
      void mount(section);
    });
    section.append(message);
    return null;
  }
}

class NotShownError extends Error {}

async function fetchStack(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw response.status >= 500 ? new Error("server") : new NotShownError("not shown");
  return response.json();
}

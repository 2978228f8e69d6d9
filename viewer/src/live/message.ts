/** What a server-sent event says, and how long to wait before asking again. */

export interface Message {
  readonly kind: string;
  readonly detail: unknown;
}

/** Kind and detail of an event, or null when it is not as agreed: the page then simply does not react. */
export function readMessage(type: string, data: string): Message | null {
  let detail: unknown;
  try {
    detail = data === "" ? {} : JSON.parse(data);
  } catch {
    return null;
  }
  const named = type !== "message" ? type : (detail as { kind?: unknown } | null)?.kind;
  return typeof named === "string" && /^[a-z][a-z-]*$/.test(named) ? { kind: named, detail } : null;
}

/** Milliseconds before try number `tries`: doubling from one second to half a minute, spread so that all do not come at once. */
export function backOff(tries: number, chance: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(tries, 5)) * (0.5 + chance / 2);
}

/** The address with the last event seen, for a source that starts anew. */
export function withLast(url: string, last: string): string {
  if (last === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}last=${encodeURIComponent(last)}`;
}

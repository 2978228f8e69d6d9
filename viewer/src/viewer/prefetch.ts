/** Which slices to fetch next: outward from where the reader is, first the way she is going. */

/** Indices by urgency, `current` first, at most `radius` away; two ahead for each one behind while moving. */
export function prefetchOrder(current: number, count: number, direction: -1 | 0 | 1, radius: number): number[] {
  const ahead = direction === 0 ? 1 : direction;
  const order = [current];
  const [forward, backward]: [number[], number[]] = [[], []];
  for (let step = 1; step <= radius; step++) {
    forward.push(current + ahead * step);
    backward.push(current - ahead * step);
  }
  const take = direction === 0 ? 1 : 2;
  while (forward.length > 0 || backward.length > 0) {
    order.push(...forward.splice(0, take), ...backward.splice(0, 1));
  }
  return order.filter((index) => index >= 0 && index < count);
}

/** The first of each list, then the second of each, and so on. */
export function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

interface Connection {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Whether the browser believes the link is slow. Its guess of the rate (`downlink`) is not asked: it starts too low. */
export function linkIsSlow(nav: Navigator): boolean {
  const link = (nav as Navigator & { readonly connection?: Connection }).connection;
  if (link === undefined) return false;
  return link.saveData === true || /2g|3g/.test(link.effectiveType ?? "");
}

/** Bytes of decoded pictures to keep, by what the device says of its memory (GiB). */
export function memoryBudget(nav: Navigator): number {
  const gib = (nav as Navigator & { readonly deviceMemory?: number }).deviceMemory ?? 4;
  const mib = gib >= 8 ? 384 : gib >= 4 ? 192 : 96;
  return mib * 1024 * 1024;
}

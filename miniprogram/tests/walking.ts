/** What random walks stand on. */

/** mulberry32: the same walk for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of several acts by a draw from 0 to 1, each as often as its weight. */
export function drawn<W>(draw: number, acts: [name: string, weight: number, work: W][]): { name: string; work: W } {
  let place = draw * acts.reduce((sum, [, weight]) => sum + weight, 0);
  const [name, , work] = acts.find(([, weight]) => (place -= weight) < 0) ?? acts[0]!;
  return { name, work };
}

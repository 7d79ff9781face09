// A small seeded generator of random numbers: the same seed gives the same scenario everywhere.

/** Random choices from a 32-bit seed (mulberry32). */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from low to high. */
  int(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  /** Between low and high different elements of the list. */
  some(list, low, high) {
    const rest = [...list];
    const out = [];
    for (let n = Math.min(this.int(low, high), rest.length); n > 0; n--) {
      out.push(...rest.splice(Math.floor(this.next() * rest.length), 1));
    }
    return out;
  }

  /** One of [weight, value] pairs. */
  weighted(pairs) {
    let at = this.next() * pairs.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of pairs) if ((at -= weight) < 0) return value;
    return pairs.at(-1)[1];
  }

  hex(length) {
    return Array.from({ length }, () => this.int(0, 15).toString(16)).join('');
  }

  /** A list as it is, or its only element without the brackets (IL:G-03). */
  loose(list) {
    return list.length === 1 && this.chance(0.6) ? list[0] : list;
  }
}

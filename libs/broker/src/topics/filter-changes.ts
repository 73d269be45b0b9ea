const SLASH = 0x2f;
const PLUS = 0x2b;
const HASH = 0x23;

/** Beginnings that share a place are taken for one another: a topic is then looked up again for nothing. */
const PLACES = 4096;

/**
 * When filters with wildcards changed last, by what all their topics begin with: the levels before the first wildcard.
 * It grows with nothing, and however many filters change elsewhere, a topic is not concerned.
 */
export class FilterChanges {
  private readonly last = new Float64Array(PLACES);
  private total = 0;

  /** How many changes there were. */
  get count(): number {
    return this.total;
  }

  note(filter: string): void {
    let hash = 0;
    let beginning = 0;
    for (let at = 0; at < filter.length; at++) {
      const code = filter.charCodeAt(at);
      if (code === PLUS || code === HASH) break;
      if (code === SLASH) beginning = hash;
      hash = step(hash, code);
    }
    this.last[placeOf(beginning)] = ++this.total;
  }

  /** True when one of the changes after the first `seen` may be of a filter that matches the topic. */
  concern(topic: string, seen: number): boolean {
    const { last } = this;
    let hash = 0;
    if ((last[placeOf(hash)] as number) > seen) return true;
    for (let at = 0; at < topic.length; at++) {
      const code = topic.charCodeAt(at);
      if (code === SLASH && (last[placeOf(hash)] as number) > seen) return true;
      hash = step(hash, code);
    }
    return (last[placeOf(hash)] as number) > seen;
  }
}

function step(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 12)) & (PLACES - 1);
}

/** The longest time in which any of so many links was sent nothing, in µs; times are those of `nowUs`. */
export class LongestGap {
  private readonly lastUs: Uint32Array;
  private longestUs = 0;

  constructor(links: number) {
    this.lastUs = new Uint32Array(links);
  }

  /** Begins anew: until now no link has waited. */
  begin(us: number): void {
    this.longestUs = 0;
    this.lastUs.fill(us);
  }

  /** Something has come over this link. */
  came(link: number, us: number): void {
    this.longestUs = Math.max(this.longestUs, (us - (this.lastUs[link] ?? us)) | 0);
    this.lastUs[link] = us;
  }

  /** What it comes to; a link that is still waiting has waited until now. */
  end(us: number): number {
    for (let link = 0; link < this.lastUs.length; link++) this.came(link, us);
    return this.longestUs;
  }
}

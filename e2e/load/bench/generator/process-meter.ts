import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used. */
export interface Usage {
  /** User and system time, that of ended children included. */
  readonly cpuUs: number;
  /** Memory of the process itself. */
  readonly rssBytes: number;
  readonly atMs: number;
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly cpuUs: number;
  readonly rssBytes: number;
}

const hasProc = existsSync('/proc/self/stat');
const getconf = (name: string) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
const tickUs = hasProc ? 1e6 / getconf('CLK_TCK') : 0;
const pageBytes = hasProc ? getconf('PAGESIZE') : 0;

/** Reads CPU time and memory of another process: from /proc, elsewhere by asking `ps`. */
export class ProcessMeter {
  constructor(private readonly pid: number) {}

  read(): Usage {
    const entries = hasProc ? fromProc() : fromPs();
    const family = descendants(entries, this.pid);
    const main = entries.find(({ pid }) => pid === this.pid);
    return {
      cpuUs: family.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
      rssBytes: main?.rssBytes ?? 0,
      atMs: performance.now(),
    };
  }

  /** Memory alone; cheap enough to be asked often where there is a /proc. */
  rssBytes(): number {
    try {
      return hasProc ? (readStat(this.pid)?.rssBytes ?? 0) : 0;
    } catch {
      return 0;
    }
  }
}

function descendants(entries: readonly Entry[], root: number): Entry[] {
  const found = entries.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...entries.filter(({ parent }) => parent === pid));
  return found;
}

function fromProc(): Entry[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.map(readStat).filter((entry) => entry !== null);
}

function readStat(pid: number): Entry | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // it has ended
  }
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // Numbered as in proc(5), from state = 3: ppid 4, utime, stime, cutime, cstime 14 to 17, rss 24.
  const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0] = [1, 11, 12, 13, 14].map((index) => fields[index]);
  return {
    pid,
    parent,
    cpuUs: (utime + stime + cutime + cstime) * tickUs,
    rssBytes: (fields[21] ?? 0) * pageBytes,
  };
}

function fromPs(): Entry[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,time='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = '', parent = '', rss = '', time = ''] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), cpuUs: psTimeUs(time), rssBytes: Number(rss) * 1024 };
  });
}

/** `[[dd-]hh:]mm:ss[.cc]` in µs. */
export function psTimeUs(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1e6;
}

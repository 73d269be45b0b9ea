// The load on one door, in a process of its own: takes a job as JSON, tells the outcome as JSON.
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { ProcessMeter } from '../generator/process-meter.js';
import type { Role } from './door.js';
import { doors } from './doors.js';
import type { DoorJob, DoorOutcome } from './load.js';

const AT_A_TIME = 50;
const TICK_MS = 2;
/** What is under way when the last message has left has so long to come. */
const DRAIN_MS = 1000;
/** Digits at the start of each payload: when it was due, in µs since the epoch. */
const STAMP = 16;

class DoorRun {
  private readonly door;
  private readonly rooms: readonly string[];
  private readonly publishers: WebSocket[] = [];
  private delivered = 0;
  private sent = 0;
  private startedUs = 0;
  private latencies: number[] | null = null;

  constructor(private readonly job: DoorJob) {
    this.door = doors[job.door];
    this.rooms = Array.from({ length: job.rooms }, (_, room) => `room-${room}`);
  }

  async run(): Promise<DoorOutcome> {
    const { warmUpS, measureS, subscribersEach, pid } = this.job;
    await this.open();
    this.startedUs = nowUs();
    const pump = setInterval(() => this.pump(), TICK_MS);
    await delay(warmUpS * 1000);
    const meter = new ProcessMeter(pid);
    const [before, deliveredBefore, own] = [meter.read(), this.delivered, process.cpuUsage()];
    this.latencies = [];
    await delay(measureS * 1000);
    const [after, deliveredAfter, used] = [meter.read(), this.delivered, process.cpuUsage(own)];
    const measured = this.latencies.sort((a, b) => a - b);
    this.latencies = null;
    clearInterval(pump);
    await delay(DRAIN_MS);
    const at = (part: number) => measured[Math.floor(measured.length * part)] ?? NaN;
    return {
      cpuUs: (after.cpuUs - before.cpuUs) / (deliveredAfter - deliveredBefore),
      p50Us: at(0.5),
      p99Us: at(0.99),
      late: this.sent * subscribersEach - this.delivered,
      generatorLoad: (used.user + used.system) / 1000 / (after.atMs - before.atMs),
    };
  }

  private async open(): Promise<void> {
    const subscribers = this.rooms.flatMap((room) => Array.from({ length: this.job.subscribersEach }, () => room));
    for (let start = 0; start < subscribers.length; start += AT_A_TIME) {
      const some = subscribers.slice(start, start + AT_A_TIME);
      const sockets = await Promise.all(some.map((room, i) => this.enter('subscriber', room, start + i)));
      for (const socket of sockets) socket.on('message', (data: Buffer) => this.heard(data));
    }
    this.publishers.push(...(await Promise.all(this.rooms.map((room, i) => this.enter('publisher', room, i)))));
  }

  private async enter(role: Role, room: string, index: number): Promise<WebSocket> {
    const { door } = this;
    const { place } = this.job;
    const url = `${place.origin}${door.path(role, room)}`;
    const socket = new WebSocket(url, [...door.subprotocols], { perMessageDeflate: false });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    await door.enter(socket, place, { role, room, clientId: `bench-${role}-${index}` });
    return socket;
  }

  /** Open loop: what is due leaves, however late, and bears the time at which it was due. */
  private pump(): void {
    const { ratePerS, payloadBytes } = this.job;
    const due = Math.floor(((nowUs() - this.startedUs) / 1e6) * ratePerS);
    for (; this.sent < due; this.sent++) {
      const room = this.sent % this.rooms.length;
      const dueUs = Math.floor(this.startedUs + (this.sent / ratePerS) * 1e6);
      const payload = String(dueUs).padStart(STAMP, '0').padEnd(payloadBytes, 'x');
      this.publishers[room]?.send(this.door.publication(this.rooms[room] ?? '', payload));
    }
  }

  private heard(data: Buffer): void {
    for (const payload of this.door.payloads(data)) {
      this.delivered++;
      this.latencies?.push(nowUs() - Number(payload.slice(0, STAMP)));
    }
  }
}

function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

const job = JSON.parse(await text(process.stdin)) as DoorJob;
process.stdout.write(JSON.stringify(await new DoorRun(job).run()), () => process.exit(0));

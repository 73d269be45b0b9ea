const CONNACK = 2;
const PUBLISH = 3;
const PUBREC = 5;
const PUBREL = 6;
const DISCONNECT = 14;
/** Implementation specific error [MQTT5 2.4]: what a server says when the fault is its own. */
const OWN_FAULT = 0x83;
/** The same where a WebSocket is closed. */
const OWN_FAULT_CLOSES = [1011, 4500];
const KEPT_BYTES = 1024 * 1024;

/** Reads what the server sends as far as a fuzzer needs it: packet types and ids, and whether it blames itself. */
export class ServerPackets {
  /** Packets, or chunks where they are no packets. */
  count = 0;
  isServersFault = false;
  isUpgraded = false;
  private bytes: Buffer = Buffer.alloc(0);
  private mqtt: Buffer = Buffer.alloc(0);
  private readonly due: { readonly type: number; readonly qos: number; readonly id: number }[] = [];

  constructor(private readonly transport: 'tcp' | 'ws' | 'json') {
    this.isUpgraded = transport === 'tcp';
  }

  take(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    if (!this.isUpgraded && !this.upgrade()) return;
    if (this.transport === 'tcp') {
      this.mqtt = Buffer.concat([this.mqtt, this.bytes]);
      this.bytes = Buffer.alloc(0);
    } else this.unwrap();
    if (this.transport !== 'json') this.readMqtt();
    // A fuzzer that is sent more than it can use stops looking.
    if (this.mqtt.length > KEPT_BYTES) this.mqtt = Buffer.alloc(0);
  }

  /** The acknowledgement that is due for the oldest delivery, or one that is nearly it. Null when none is. */
  answer({ offset, confused }: { readonly offset: number; readonly confused: boolean }): Buffer | null {
    const due = this.due.shift();
    if (!due) return null;
    const right = due.type === PUBREL ? 0x70 : due.type === PUBREC ? 0x62 : due.qos === 1 ? 0x40 : 0x50;
    const type = confused ? [0x40, 0x50, 0x62, 0x70][(right + due.id) % 4]! : right;
    const id = (due.id + offset) & 0xffff;
    const packet = Buffer.from([type, 2, id >> 8, id & 0xff]);
    // In a frame of its own, with the mask 0.
    return this.transport === 'ws' ? Buffer.concat([Buffer.from([0x82, 0x84, 0, 0, 0, 0]), packet]) : packet;
  }

  private upgrade(): boolean {
    const end = this.bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    this.isUpgraded = this.bytes.subarray(0, 12).toString() === 'HTTP/1.1 101';
    this.bytes = this.bytes.subarray(end + 4);
    return this.isUpgraded;
  }

  /** The server neither masks nor fragments. */
  private unwrap(): void {
    for (;;) {
      const { bytes } = this;
      if (bytes.length < 2) return;
      const form = (bytes[1] as number) & 0x7f;
      const header = form === 127 ? 10 : form === 126 ? 4 : 2;
      if (bytes.length < header) return;
      const length = form === 127 ? Number(bytes.readBigUInt64BE(2)) : form === 126 ? bytes.readUInt16BE(2) : form;
      if (bytes.length < header + length) return;
      this.readFrame((bytes[0] as number) & 0x0f, bytes.subarray(header, header + length));
      this.bytes = bytes.subarray(header + length);
    }
  }

  private readFrame(opcode: number, payload: Buffer): void {
    if (opcode === 2) this.mqtt = Buffer.concat([this.mqtt, payload]);
    else this.count++;
    if (opcode === 1 && payload.includes('internal-error')) this.isServersFault = true;
    if (opcode === 8 && payload.length >= 2 && OWN_FAULT_CLOSES.includes(payload.readUInt16BE(0)))
      this.isServersFault = true;
  }

  private readMqtt(): void {
    for (;;) {
      const { mqtt } = this;
      let length = 0;
      let at = 1;
      for (; at < 5 && at < mqtt.length; at++) {
        length += ((mqtt[at] as number) & 0x7f) * 128 ** (at - 1);
        if ((mqtt[at] as number) < 0x80) break;
      }
      if (at >= mqtt.length || mqtt.length < at + 1 + length) return;
      this.read(mqtt[0] as number, mqtt.subarray(at + 1, at + 1 + length));
      this.mqtt = mqtt.subarray(at + 1 + length);
    }
  }

  private read(header: number, body: Buffer): void {
    this.count++;
    const type = header >> 4;
    const qos = (header >> 1) & 3;
    if (type === CONNACK && body[1] === OWN_FAULT) this.isServersFault = true;
    if (type === DISCONNECT && body[0] === OWN_FAULT) this.isServersFault = true;
    if (type === PUBLISH && qos > 0) this.due.push({ type, qos, id: body.readUInt16BE(2 + body.readUInt16BE(0)) });
    if (type === PUBREL || type === PUBREC) this.due.push({ type, qos: 2, id: body.readUInt16BE(0) });
  }
}

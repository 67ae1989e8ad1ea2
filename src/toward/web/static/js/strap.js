// A heart-rate strap by Web Bluetooth: service 0x180D, characteristic 0x2A37.
//
//   const strap = new Strap({ beats(arrived, packet) {}, line(up) {}, mute() {} });
//   await strap.choose();      only on a press; throws where nothing was chosen
//   strap.stop();
//
// Straps drop out, some every few seconds. One that says nothing is connected to again, for as long as it is wanted; what was
// missed is missed, and Python sees the gap by itself.

const SERVICE = 0x180d;
const MEASUREMENT = 0x2a37;
const SILENT_MS = 6000;
const PATIENCE_MS = 12000;
const LONGEST_WAIT_MS = 8000;
const MUTE_AFTER = 12;

/** One packet: {bpm, contact: true | false | null, energy: number | null, rr: [1/1024 s]}; null where it is none. */
export const parse = (view) => {
  if (view.byteLength < 2) return null;
  const flags = view.getUint8(0);
  const wide = flags & 1;
  let at = wide ? 3 : 2;
  if (view.byteLength < at) return null;
  const bpm = wide ? view.getUint16(1, true) : view.getUint8(1);
  const contact = flags & 4 ? Boolean(flags & 2) : null;
  let energy = null;
  if (flags & 8) {
    if (view.byteLength < at + 2) return null;
    energy = view.getUint16(at, true);
    at += 2;
  }
  const rr = [];
  if (flags & 16) for (; at + 2 <= view.byteLength; at += 2) rr.push(view.getUint16(at, true));
  return { bpm, contact, energy, rr };
};

const within = (promise, ms) => Promise.race([
  promise,
  new Promise((_, reject) => { setTimeout(() => reject(new DOMException("too slow", "TimeoutError")), ms); }),
]);

export class Strap {
  #on;
  #device = null;
  #measurement = null; // held, or the browser may let go of it and of its events
  #heard = 0;
  #watch = 0;
  #over = false;
  #trying = false;
  #packets = 0;
  #told = false;

  constructor(on) { this.#on = on; }

  static get possible() { return Boolean(navigator.bluetooth?.requestDevice); }

  async choose() {
    this.#device = await navigator.bluetooth.requestDevice({ filters: [{ services: [SERVICE] }] });
    this.#device.addEventListener("gattserverdisconnected", this.#lost);
    await this.#connect();
    this.#watch = setInterval(this.#look, 1000);
  }

  async #connect() {
    const server = await within(this.#device.gatt.connect(), PATIENCE_MS);
    const service = await server.getPrimaryService(SERVICE);
    this.#measurement = await service.getCharacteristic(MEASUREMENT);
    this.#measurement.addEventListener("characteristicvaluechanged", this.#hear);
    await this.#measurement.startNotifications();
    this.#heard = performance.now();
    this.#on.line?.(true);
  }

  #hear = ({ target }) => {
    const packet = parse(target.value);
    if (!packet || this.#over) return;
    this.#heard = performance.now();
    this.#packets += 1;
    if (packet.rr.length) this.#told = true;
    else if (!this.#told && this.#packets === MUTE_AFTER) this.#on.mute?.();
    this.#on.beats(this.#heard, packet);
  };

  #look = () => {
    if (this.#trying || this.#over || performance.now() - this.#heard < SILENT_MS) return;
    if (this.#device.gatt.connected) this.#device.gatt.disconnect();
    this.#lost();
  };

  #lost = async () => {
    if (this.#trying || this.#over) return;
    this.#trying = true;
    this.#on.line?.(false);
    for (let wait = 500; !this.#over; wait = Math.min(LONGEST_WAIT_MS, 2 * wait)) {
      await new Promise((done) => { setTimeout(done, wait); });
      try {
        if (!this.#over) await this.#connect();
        break;
      } catch { /* out of reach still */ }
    }
    this.#trying = false;
  };

  stop() {
    this.#over = true;
    clearInterval(this.#watch);
    this.#device?.removeEventListener("gattserverdisconnected", this.#lost);
    this.#device?.gatt?.disconnect();
  }
}

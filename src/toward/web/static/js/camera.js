// A fingertip on the camera: the mean colour of each frame, stamped with when the frame was taken. Nothing else of it leaves here.
//
//   const camera = new Camera({ frames(local, { after, red, green, blue }) {}, line(up) {} });
//   await camera.choose();     only on a press; throws where it was not allowed. Then camera.light says if there is a torch.
//   camera.stop();
//
// A frame is sent as it is taken, as a beat on the other's screen waits for it. Only of a camera that is faster than thirty a second
// do two go at once: the door of the room has a limit (live/door.py).

const WIDE = 64;
const HIGH = 48;
const APART_MS = 30;
const MOST = 8;

const mean = (context) => {
  const { data } = context.getImageData(0, 0, WIDE, HIGH);
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    sum[0] += data[i];
    sum[1] += data[i + 1];
    sum[2] += data[i + 2];
  }
  return sum.map((channel) => Math.round((channel / (WIDE * HIGH)) * 1000) / 1000);
};

export class Camera {
  light = false;
  #on;
  #stream = null;
  #video = null;
  #canvas = null;
  #batch = null;
  #sent = -Infinity;
  #shift = null;
  #over = false;

  constructor(on) { this.#on = on; }

  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia) && "requestVideoFrameCallback" in HTMLVideoElement.prototype;
  }

  async choose() {
    const size = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 30 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: "environment" }, ...size },
    });
    const [track] = this.#stream.getVideoTracks();
    track.addEventListener("ended", () => { if (!this.#over) this.#on.line?.(false); });
    try {
      if (track.getCapabilities?.().torch) {
        await track.applyConstraints({ advanced: [{ torch: true }] });
        this.light = true;
      }
    } catch { /* it said that it had one; a lamp will do */ }
    this.#canvas = Object.assign(document.createElement("canvas"), { width: WIDE, height: HIGH })
      .getContext("2d", { willReadFrequently: true });
    this.#video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: this.#stream });
    await this.#video.play();
    this.#on.line?.(true);
    this.#next();
  }

  #next() {
    if (!this.#over) this.#video.requestVideoFrameCallback(this.#take);
  }

  // A frame's own time has jitter only where the camera had it; the callback comes when the page had time for it.
  #stamp(now, { captureTime, mediaTime }) {
    const own = captureTime ?? mediaTime * 1000;
    if (this.#shift === null) this.#shift = captureTime === undefined ? now - own : 0;
    return own + this.#shift;
  }

  #take = (now, about) => {
    if (this.#over) return;
    const at = this.#stamp(now, about);
    this.#canvas.drawImage(this.#video, 0, 0, WIDE, HIGH);
    const [red, green, blue] = mean(this.#canvas);
    this.#batch ??= { local: at, after: [], red: [], green: [], blue: [] };
    const { after, local } = this.#batch;
    const since = Math.round((at - local) * 10) / 10;
    if (since > (after.at(-1) ?? -1)) {
      after.push(since);
      this.#batch.red.push(red);
      this.#batch.green.push(green);
      this.#batch.blue.push(blue);
    }
    if (at - this.#sent >= APART_MS || after.length >= MOST) {
      const { local: from, ...frames } = this.#batch;
      this.#batch = null;
      this.#sent = at;
      this.#on.frames(from, frames);
    }
    this.#next();
  };

  stop() {
    this.#over = true;
    this.#stream?.getTracks().forEach((track) => track.stop());
    if (this.#video) this.#video.srcObject = null;
  }
}

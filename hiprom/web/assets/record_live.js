// A running picture -> what the pose model sees in it, moment by moment. A picture is
// sent only when few are under way, so that what comes back is never old.
const AT_ONCE = 2;
const LONGEST_PX = 640;
const QUALITY = 0.8;

export class Live {
  #under = [];
  #isEncoding = false;
  #lastMs = -1;
  #delaysMs = [];
  #cameMs = [];

  constructor(video, asked, { ready, moment, refused, closed }) {
    this.video = video;
    this.canvas = document.createElement("canvas");
    const shrink = Math.min(1, LONGEST_PX / Math.max(video.videoWidth, video.videoHeight));
    const even = (length) => 2 * Math.round((shrink * length) / 2);
    this.canvas.width = even(video.videoWidth);
    this.canvas.height = even(video.videoHeight);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/record/live`);
    this.socket.binaryType = "arraybuffer";
    const { width, height } = this.canvas;
    this.size = { width, height };
    this.socket.onopen = () => this.socket.send(JSON.stringify({ ...asked, width, height }));
    this.socket.onmessage = ({ data }) => {
      const said = JSON.parse(data);
      if (said.refused) {
        this.isOver = true;
        refused(said.refused);
      } else if (said.ready) {
        ready();
        this.#look();
      } else {
        moment(said);
        this.#note(said.at);
      }
    };
    this.socket.onclose = () => {
      if (!this.isOver) closed();
      this.isOver = true;
    };
  }

  close() {
    this.isOver = true;
    this.socket.close();
  }

  // Moments a second, and how long one takes from the camera's picture to the marks on it.
  get facts() {
    const sorted = this.#delaysMs.toSorted((one, other) => one - other);
    const spanMs = this.#cameMs.at(-1) - this.#cameMs[0];
    return {
      moments: this.#cameMs.length,
      perSecond: spanMs > 0 ? (1000 * (this.#cameMs.length - 1)) / spanMs : 0,
      delayMs: sorted[sorted.length >> 1] ?? NaN,
    };
  }

  // From now on only what is shown while a film is made is counted.
  countAnew() {
    this.#delaysMs = [];
    this.#cameMs = [];
  }

  #look() {
    if (this.isOver) return;
    const next = (now, frame) => {
      this.#look();
      this.#send(frame?.captureTime ?? now);
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
    else requestAnimationFrame((now) => next(now));
  }

  #send(takenMs) {
    if (this.#isEncoding || this.#under.length >= AT_ONCE || this.isOver) return;
    if (takenMs <= this.#lastMs) return;
    this.#isEncoding = true;
    this.#lastMs = takenMs;
    this.context.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    this.canvas.toBlob(
      async (jpeg) => {
        const picture = new Uint8Array(8 + jpeg.size);
        new DataView(picture.buffer).setFloat64(0, takenMs / 1000, true);
        picture.set(new Uint8Array(await jpeg.arrayBuffer()), 8);
        this.#isEncoding = false;
        if (this.socket.readyState !== WebSocket.OPEN) return;
        this.#under.push(takenMs);
        this.socket.send(picture);
      },
      "image/jpeg",
      QUALITY,
    );
  }

  #note(atS) {
    const nowMs = performance.now();
    const atMs = 1000 * atS;
    this.#under = this.#under.filter((takenMs) => takenMs > atMs + 0.01);
    this.#delaysMs.push(nowMs - atMs);
    this.#cameMs.push(nowMs);
  }
}

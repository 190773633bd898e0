// A camera's picture -> a film that is on the server while it is made.
import { call, giveUp, steadily } from "./sending.js";

// What costs a processor least comes first; sound is never asked for.
const KINDS = {
  "video/x-matroska;codecs=avc1": "mkv",
  "video/mp4;codecs=avc1": "mp4",
  "video/webm;codecs=vp9": "webm",
  "video/webm": "webm",
  "video/mp4": "mp4",
};
const BITS_A_SECOND = 2_500_000;
const PIECE_EVERY_MS = 1000;
const MOST_AT_ONCE = 4_000_000;

const post = (address, body) =>
  call(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export class Film {
  #whole = new Blob([]);
  #sent = 0;
  #sending = Promise.resolve();
  #stop = new AbortController();
  #began;
  #ended;

  constructor(stream, wanted, { waits, failed }) {
    this.waits = waits;
    this.failed = failed;
    const mimeType = Object.keys(KINDS).find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, {
      mimeType,
      videoBitsPerSecond: BITS_A_SECOND,
    });
    this.recorder.ondataavailable = ({ data }) => {
      this.#whole = new Blob([this.#whole, data]);
      this.#sending = this.#sending.then(() => this.#send()).catch(failed);
    };
    this.recorder.onerror = () => failed(new Error("The browser could not film any further."));
    this.#ended = new Promise((end) => (this.recorder.onstop = end));
    this.recorder.start(PIECE_EVERY_MS);
    this.startedMs = performance.now();
    const begin = { ...wanted, kind: KINDS[mimeType] };
    this.#began = post("/api/recordings", begin).then(({ id }) => (this.id = id));
    this.#began.catch(failed);
  }

  get seconds() {
    return (this.stoppedMs ?? performance.now()) / 1000 - this.startedMs / 1000;
  }

  // All of it is on the server, and asked for to be measured.
  async end() {
    await this.stop();
    const { job } = await this.#steadily(() =>
      post(`/api/recordings/${this.id}/end`, { bytes: this.#whole.size }),
    );
    this.isOver = true;
    return job;
  }

  // All of it is on the server, and nobody knows whether it is whole.
  async stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.stoppedMs ??= performance.now();
    await this.#ended;
    await this.#began;
    await this.#sending;
    if (this.#sent < this.#whole.size) await this.#send();
  }

  async discard() {
    this.isOver = true;
    this.#stop.abort();
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.#began;
    await giveUp(this.id);
  }

  // The page goes: the server need not wait to know it.
  leave() {
    if (this.id && !this.isOver) navigator.sendBeacon(`/api/recordings/${this.id}/leave`);
  }

  async #send() {
    await this.#began;
    while (this.#sent < this.#whole.size && !this.#stop.signal.aborted) {
      const { offset } = await this.#steadily(async () => {
        try {
          return await call(`/api/uploads/${this.id}?offset=${this.#sent}`, {
            method: "PUT",
            signal: this.#stop.signal,
            body: this.#whole.slice(this.#sent, this.#sent + MOST_AT_ONCE),
          });
        } catch (error) {
          if (error.offset === undefined) throw error;
          return { offset: error.offset };
        }
      });
      this.#sent = offset;
      this.waits("");
    }
  }

  #steadily(attempt) {
    return steadily(this.#stop.signal, this.waits, attempt);
  }
}

// The curve and the video of a trial, at one moment always.
import { clamp, seeker, spelt, valueAt, whenPointed } from "./moments.js";

const film = document.getElementById("film");
const slider = document.getElementById("moment");
const reading = document.getElementById("reading");
const curves = [...document.querySelectorAll(".curve")].map((node) => ({
  axes: node.querySelector(".axes"),
  cursor: node.querySelector(".cursor"),
  side: node.dataset.side,
  ...JSON.parse(node.querySelector("script").textContent),
}));
const moveTo = film ? seeker(film) : () => {};

function show(at) {
  const said = curves.map((curve) => {
    const words = spelt(valueAt(curve, at), curve.unit);
    const place = `${(100 * at) / curve.duration}%`;
    curve.cursor.setAttribute("x1", place);
    curve.cursor.setAttribute("x2", place);
    curve.cursor.classList.add("shown");
    return curves.length > 1 ? `${curve.side} ${words}` : words;
  });
  const words = `${at.toFixed(1)} s: ${said.join(", ")}`;
  reading.textContent = words;
  slider.setAttribute("aria-valuetext", words.replace(" s:", " seconds:"));
  slider.value = at;
}

function seek(at) {
  show(at);
  film?.pause();
  moveTo(curves[0].start + at);
}

function follow() {
  if (film.paused) return;
  if (curves.length) {
    show(clamp(film.currentTime - curves[0].start, curves[0].duration));
  }
  requestAnimationFrame(follow);
}
film?.addEventListener("play", follow);
slider.addEventListener("input", () => seek(Number(slider.value)));
for (const { axes, duration } of curves) {
  whenPointed(axes, (share) => seek(share * duration));
}
if (curves.length) show(0);

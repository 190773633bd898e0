// Two films and two curves on one clock; either film may be missing.
import { clamp, seeker, spelt, valueAt, whenPointed } from "./moments.js";

const { pieces, curves, unit } = JSON.parse(
  document.getElementById("clock").textContent,
);
const end = pieces.at(-1)[1];
const slider = document.getElementById("moment");
const play = document.getElementById("play");
const speed = document.getElementById("speed");
const cursor = document.getElementById("cursor");
const readings = document.querySelectorAll("[data-reading]");
const films = ["earlier", "later"].map((id) => {
  const node = document.querySelector(`video#${id}`);
  return node && { node, moveTo: seeker(node) };
});
const FAR_S = 0.15;
let now = 0;
let before = null;

const pieceAt = (at) => pieces.find((piece) => at < piece[1]) ?? pieces.at(-1);

// Where a recording is at a moment of the clock, and whether it waits there.
function own(which, at) {
  const piece = pieceAt(at);
  const [from, to] = piece.slice(2 + 2 * which, 4 + 2 * which);
  const there = from + at - piece[0];
  return { at: Math.min(there, to), waits: there >= to };
}

function show(at) {
  now = clamp(at, end);
  const place = `${(100 * now) / end}%`;
  cursor.setAttribute("x1", place);
  cursor.setAttribute("x2", place);
  cursor.classList.add("shown");
  const said = curves.map(
    (curve, which) => curve && spelt(valueAt(curve, own(which, now).at), unit),
  );
  said.forEach((words, which) => (readings[which].textContent = words ?? "no curve"));
  slider.value = now;
  const words = said.map((each, which) => `${["earlier", "later"][which]} ${each ?? "no curve"}`);
  slider.setAttribute("aria-valuetext", `${now.toFixed(1)} seconds: ${words.join(", ")}`);
}

function seek(at) {
  stop();
  show(at);
  films.forEach((film, which) => film?.moveTo(own(which, now).at));
}

function stop() {
  before = null;
  play.textContent = "Play";
  for (const film of films) film?.node.pause();
}

function start() {
  if (now >= end - 0.05) seek(0);
  play.textContent = "Pause";
  before = performance.now();
  requestAnimationFrame(step);
}

// The clock leads: a film that strays is sent back, one that is done waits.
function step(at) {
  if (before === null) return;
  const rate = Number(speed.value);
  show(now + Math.max(at - before, 0) * 0.001 * rate);
  before = at;
  films.forEach((film, which) => {
    if (!film) return;
    const { at: there, waits } = own(which, now);
    if (Math.abs(film.node.currentTime - there) > FAR_S) film.moveTo(there);
    if (film.node.playbackRate !== rate) film.node.playbackRate = rate;
    if (waits === film.node.paused) return;
    if (waits) film.node.pause();
    else film.node.play().catch(() => {});
  });
  if (now >= end) stop();
  else requestAnimationFrame(step);
}

if (films.some(Boolean)) play.hidden = speed.hidden = false;
play.addEventListener("click", () => (before === null ? start() : stop()));
slider.addEventListener("input", () => seek(Number(slider.value)));
whenPointed(document.querySelector(".overlaid .axes"), (share) => seek(share * end));
seek(0);

// The curve and the video of a trial, at one moment always.
const film = document.getElementById("film");
const slider = document.getElementById("moment");
const reading = document.getElementById("reading");
const curves = [...document.querySelectorAll(".curve")].map((node) => ({
  axes: node.querySelector(".axes"),
  cursor: node.querySelector(".cursor"),
  side: node.dataset.side,
  ...JSON.parse(node.querySelector("script").textContent),
}));
let wanted = null;

const clamp = (value, most) => Math.min(Math.max(value, 0), most);

function valueAt({ times, values }, at) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return values[low];
}

function show(at) {
  const said = curves.map((curve) => {
    const value = valueAt(curve, at);
    const words = value === null ? "not readable" : `${value.toFixed(1)}${curve.unit}`;
    const place = `${(100 * at) / curve.duration}%`;
    curve.cursor.setAttribute("x1", place);
    curve.cursor.setAttribute("x2", place);
    curve.cursor.classList.add("shown");
    return curves.length > 1 ? `${curve.side} ${words}` : words;
  });
  const words = `${at.toFixed(1)} s: ${said.join(", ")}`.replaceAll("-", "−");
  reading.textContent = words;
  slider.setAttribute("aria-valuetext", words.replace(" s:", " seconds:"));
  slider.value = at;
}

// One seek at a time: while the film is on its way, only the newest wish is kept.
function seek(at) {
  show(at);
  if (!film) return;
  film.pause();
  const start = curves[0].start;
  if (film.seeking) wanted = at;
  else film.currentTime = start + at;
}

film?.addEventListener("seeked", () => {
  if (wanted === null) return;
  const at = wanted;
  wanted = null;
  film.currentTime = curves[0].start + at;
});
function follow() {
  if (!film.paused && curves.length) {
    show(clamp(film.currentTime - curves[0].start, curves[0].duration));
  }
  if (!film.paused) requestAnimationFrame(follow);
}
film?.addEventListener("play", follow);
slider.addEventListener("input", () => seek(Number(slider.value)));
for (const { axes, duration } of curves) {
  const at = ({ clientX }) => {
    const { left, width } = axes.getBoundingClientRect();
    return clamp((clientX - left) / width, 1) * duration;
  };
  for (const kind of ["pointermove", "pointerdown"]) {
    axes.addEventListener(kind, (event) => seek(at(event)));
  }
}
if (curves.length) show(0);

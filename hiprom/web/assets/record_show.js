// A moment of a live test -> marks on the picture, the gauge, and words.
const by = (id) => document.getElementById(id);
const bones = JSON.parse(by("bones").textContent);
const [LOWEST, HIGHEST, OVER_DEG, FROM_DEG] = [-10, 60, 240, 150];
const LEG = { left: [23, 25, 27], right: [24, 26, 28] };

const turn = (angle) =>
  (OVER_DEG * (Math.min(Math.max(angle, LOWEST), HIGHEST) - LOWEST)) / (HIGHEST - LOWEST);
const degrees = (angle) => (angle === null ? "–" : `${Math.round(angle)}°`.replace("-", "−"));

export function showGauge({ angle, held, furthest, target, reps }, wanted) {
  place("knob", angle);
  place("furthest", furthest);
  place("target", target);
  const [zero, now] = [turn(0), turn(angle ?? 0)];
  const reach = by("reach").style;
  reach.strokeDasharray = `${Math.abs(now - zero)} 1000`;
  reach.strokeDashoffset = -Math.min(zero, now);
  by("hold").style.strokeDasharray = `${100 * held} 1000`;
  by("hold").classList.toggle("whole", held >= 1);
  by("angle").textContent = degrees(angle);
  by("dial").setAttribute("aria-label", `Angle of the hip, ${degrees(angle)}`);
  by("furthest-words").textContent = degrees(furthest);
  by("target-words").textContent = degrees(target);
  by("last-time").classList.toggle("empty-yet", target === null);
  by("reps-done").textContent = reps;
  by("reps-wanted").textContent = `of ${wanted} repetitions`;
  const dots = by("dots");
  while (dots.children.length < wanted) dots.append(document.createElement("i"));
  [...dots.children].forEach((dot, number) => dot.classList.toggle("done", number < reps));
}

function place(id, angle) {
  const node = by(id);
  node.toggleAttribute("hidden", angle === null);
  if (angle !== null) node.setAttribute("transform", `rotate(${FROM_DEG + turn(angle)} 220 200)`);
}

export function showHints(hints) {
  const list = by("hints");
  if (list.dataset.shown === hints.join("\n")) return;
  list.dataset.shown = hints.join("\n");
  list.replaceChildren(
    ...hints.map((hint) => {
      const row = document.createElement("li");
      row.textContent = hint;
      return row;
    }),
  );
}

export function showMarks({ points, dial, side }, { width, height }) {
  const canvas = by("marks");
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  pen.lineCap = pen.lineJoin = "round";
  const line = (places, colour, thick) => {
    for (const [shade, more] of [["#0c1218", 2.5], [colour, 0]]) {
      pen.strokeStyle = shade;
      pen.lineWidth = thick + more;
      pen.beginPath();
      places.forEach(([x, y], first) => (first ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
  };
  if (points) {
    pen.globalAlpha = 0.65;
    for (const [one, other] of bones) line([points[one], points[other]], "#fff", 2);
    pen.globalAlpha = 1;
    if (!dial && side) line(LEG[side].map((joint) => points[joint]), "#fff", 4);
  }
  if (!dial) return;
  const colour = getComputedStyle(canvas).getPropertyValue("--mark");
  const [knee, end, zero] = dial;
  pen.setLineDash([8, 8]);
  line([knee, zero], "#fff", 2);
  pen.setLineDash([]);
  line([knee, end], colour, 5);
  for (const [shade, radius] of [["#0c1218", 8], [colour, 6.5], ["#fff", 3]]) {
    pen.fillStyle = shade;
    pen.beginPath();
    pen.arc(...knee, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

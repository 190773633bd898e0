// What curves and films share: a value at a moment, and a film that can be searched.
export const clamp = (value, most) => Math.min(Math.max(value, 0), most);

export function valueAt({ times, values }, at) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return values[low];
}

export const spelt = (value, unit) =>
  value === null ? "not readable" : `${value.toFixed(1)}${unit}`.replaceAll("-", "−");

// One seek at a time: while the film is on its way, only the newest wish is kept.
export function seeker(film) {
  let wanted = null;
  film.addEventListener("seeked", () => {
    if (wanted === null) return;
    film.currentTime = wanted;
    wanted = null;
  });
  return (at) => {
    if (film.seeking) wanted = at;
    else film.currentTime = at;
  };
}

// Whoever moves or presses over a curve names a moment, as a share of its width.
export function whenPointed(axes, tell) {
  for (const kind of ["pointermove", "pointerdown"]) {
    axes.addEventListener(kind, ({ clientX }) => {
      const { left, width } = axes.getBoundingClientRect();
      tell(clamp((clientX - left) / width, 1));
    });
  }
}

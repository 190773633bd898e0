// What the server says of its jobs -> the list on the page. A browser that lost the
// server asks again by itself, and tells it what it saw last. A page that nobody looks at
// does not listen: a browser keeps but six connections to one server.
const list = document.getElementById("jobs");
const none = document.getElementById("none");
const news = document.getElementById("news");
const tables = document.getElementById("tables");

let seen = list.dataset.number;
let source;

function listen() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource(`/api/jobs/events?since=${encodeURIComponent(seen)}`);
  source.onmessage = ({ data, lastEventId }) => {
    seen = lastEventId;
    show(JSON.parse(data));
  };
}

export function watch() {
  document.addEventListener("visibilitychange", listen);
  listen();
}

function show(row) {
  if (row.all) {
    const names = new Set(row.all.map((name) => `job-${name}`));
    for (const node of [...list.children]) if (!names.has(node.id)) node.remove();
    return;
  }
  const before = document.getElementById(`job-${row.name}`);
  if (row.gone) {
    if (before?.contains(document.activeElement)) document.getElementById("main").focus();
    before?.remove();
  } else if (before?.dataset.version === row.version) {
    move(before, row);
  } else {
    place(before, row);
  }
  none.hidden = list.children.length > 0;
  tables.hidden = !list.querySelector(".done");
}

function move(node, { share, words }) {
  const bar = node.querySelector("progress");
  if (!bar) return;
  bar.value = share;
  node.querySelector("[data-words]").textContent = words;
}

function place(before, row) {
  const whole = document.createElement("template");
  whole.innerHTML = row.html; // escaped where it was made
  const now = whole.content.firstElementChild;
  const name = now.querySelector("h3").textContent;
  if (before) {
    const wasFocused = before.contains(document.activeElement);
    before.replaceWith(now);
    if (wasFocused) now.querySelector("a, button")?.focus();
  } else {
    list.prepend(now);
  }
  const said = { done: "is measured", failed: "could not be measured" }[row.state];
  if (said) news.textContent = `${name} ${said}.`;
}

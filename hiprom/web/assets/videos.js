// The page of videos: what is chosen is sent, what is sent is watched.
import { ask } from "./ask.js";
import { send, giveUp } from "./sending.js";
import { watch } from "./watching.js";

const page = Object.fromEntries(
  ["files", "drop", "sending", "chosen", "room", "start", "forget", "file"].map((id) => [
    id,
    document.getElementById(id),
  ]),
);
const AT_ONCE = 2;
const entries = [];
let made = 0;

const size = (bytes) =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

function choose(files) {
  for (const file of files) {
    const isThere = entries.some(
      ({ file: { name, size, lastModified } }) =>
        name === file.name && size === file.size && lastModified === file.lastModified,
    );
    if (!isThere) add(file);
  }
  show();
  page.chosen.querySelector("li:last-child select")?.focus();
}

function add(file) {
  const row = page.file.content.firstElementChild.cloneNode(true);
  const key = `file-${(made += 1)}`;
  for (const node of row.querySelectorAll("[id], [for]")) {
    if (node.id) node.id = node.id.replace("KEY", key);
    if (node.htmlFor) node.htmlFor = node.htmlFor.replace("KEY", key);
  }
  row.querySelector("h3").textContent = file.name;
  row.querySelector(".what .quiet").textContent = size(file.size);
  row.querySelector("legend").textContent = `How to measure ${file.name}`;
  row.querySelector("progress").setAttribute("aria-label", `Sending ${file.name}`);
  const before = entries.at(-1);
  if (before) {
    for (const { name } of row.querySelectorAll("[name]")) {
      field(row, name).value = field(before.row, name).value;
    }
  }
  const named = [...field(row, "protocol").options].find(({ value }) =>
    file.name.toLowerCase().includes(value),
  );
  if (named) field(row, "protocol").value = named.value;
  const entry = { file, row, state: "chosen", stop: new AbortController() };
  const leave = row.querySelector("button");
  leave.append(unseen(` ${file.name}`));
  leave.addEventListener("click", () => drop(entry));
  page.chosen.append(row);
  entries.push(entry);
}

const field = (row, name) => row.querySelector(`[name=${name}]`);

function unseen(words) {
  const span = document.createElement("span");
  span.className = "unseen";
  span.textContent = words;
  return span;
}

async function drop(entry) {
  entry.stop.abort();
  entries.splice(entries.indexOf(entry), 1);
  entry.row.remove();
  show();
  (page.chosen.querySelector("button") ?? page.files).focus();
  if (entry.upload) await giveUp(entry.upload);
}

function show() {
  const waiting = entries.filter(({ state }) => state === "chosen").length;
  const under = entries.filter(({ state }) => state === "sending").length;
  page.sending.hidden = entries.length === 0;
  page.start.hidden = waiting === 0;
  page.forget.hidden = under > 0;
  page.start.textContent = waiting === 1 ? "Measure it" : `Measure all ${waiting}`;
  page.room.textContent = under
    ? `Sending ${under === 1 ? "one video" : `${under} videos`}. Keep this page open until they have arrived.`
    : "";
}

async function begin(entry) {
  const { file, row } = entry;
  const [fields, outcome] = [row.querySelector("fieldset"), row.querySelector(".outcome")];
  const wanted = Object.fromEntries(
    [...row.querySelectorAll("[name]")].map(({ name, value }) => [name, value.trim()]),
  );
  const [bar, words] = [outcome.querySelector("progress"), outcome.querySelector("p")];
  entry.state = "sending";
  fields.hidden = true;
  outcome.hidden = false;
  words.classList.remove("reason");
  show();
  try {
    await send(file, wanted, entry.stop.signal, {
      began: (id) => (entry.upload = id),
      moved: (sent) => {
        bar.value = sent / file.size;
        words.textContent =
          sent < file.size ? `${size(sent)} of ${size(file.size)} sent` : "Checking";
      },
      waits: (why) => (words.textContent = why),
    });
    entries.splice(entries.indexOf(entry), 1);
    row.remove();
  } catch (error) {
    if (entry.stop.signal.aborted) return;
    entry.state = "chosen";
    entry.upload = undefined;
    fields.hidden = false;
    words.classList.add("reason");
    words.textContent = error.message;
    bar.value = 0;
  } finally {
    show();
  }
}

async function start() {
  const waiting = entries.filter(({ state }) => state === "chosen");
  for (const entry of waiting) entry.state = "queued";
  const next = async () => {
    for (let entry; (entry = waiting.shift()); ) {
      if (entries.includes(entry)) await begin(entry);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

page.files.addEventListener("change", () => {
  choose(page.files.files);
  page.files.value = "";
});
page.sending.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
page.forget.addEventListener("click", () => {
  for (const { row } of entries.splice(0)) row.remove();
  show();
  page.files.focus();
});
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    page.drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) page.drop.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  page.drop.classList.remove("over");
  choose(event.dataTransfer.files);
});
window.addEventListener("beforeunload", (event) => {
  if (entries.some(({ state }) => state === "sending" || state === "queued")) {
    event.preventDefault();
  }
});
for (const button of document.querySelectorAll("[data-give-up]")) {
  button.addEventListener("click", async () => {
    await giveUp(button.dataset.giveUp);
    const list = button.closest("ul");
    button.closest("li").remove();
    if (!list.children.length) document.getElementById("unfinished").remove();
  });
}
// A plain form would load the page anew, and end what is being sent.
document.getElementById("jobs").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.ask && !(await ask(form.dataset.ask))) return;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await fetch(form.action, { method: "POST", redirect: "manual" });
  } catch {
    button.disabled = false; // the server is away
  }
});
watch();

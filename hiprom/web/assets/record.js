// The page of recording: a test is chosen, led, filmed, sent, and measured in full.
// The film is the recording; what is shown live is for the eyes, and may fail.
import { closeCamera, HIDDEN, openCamera, UNPLUGGED } from "./camera.js";
import { Film } from "./record_film.js";
import { Live } from "./record_live.js";
import { showGauge, showHints, showMarks } from "./record_show.js";
import { say } from "./record_voice.js";

const by = (id) => document.getElementById(id);
const video = by("film");
const COUNTDOWN_S = 5;
const LONGEST_S = 900;
const GONE = "nobody was in view any more";

let wanted, film, live, lock, clock;
let standing = "";
let isOver = false;

// What is chosen.
const plan = () => document.querySelector(`.how[data-protocol="${by("protocol").value}"]`);

function choose() {
  for (const how of document.querySelectorAll(".how")) how.hidden = how !== plan();
  by("reps").closest("div").hidden = plan().dataset.gauge === "no";
  const code = by("subject").value.trim();
  by("kept-for").hidden = !code;
  by("kept-for-nobody").hidden = Boolean(code);
  by("kept-for").querySelector("strong").textContent = code;
}

by("protocol").addEventListener("change", () => (by("side").value = plan().dataset.side));
by("choices").addEventListener("input", choose);
by("choices").addEventListener("submit", (event) => event.preventDefault());
by("agree").addEventListener("submit", (event) => {
  event.preventDefault();
  if (by("choices").reportValidity()) start();
});

// The camera, and what follows it.
async function start() {
  const chosen = new FormData(by("choices"));
  wanted = Object.fromEntries([...chosen].map(([name, value]) => [name, value.trim()]));
  const option = (id) => by(id).selectedOptions[0].textContent;
  by("what").textContent = `${option("protocol")}, ${option("side").toLowerCase()}`;
  by("stage").classList.add(plan().dataset.tone);
  document.body.classList.add("is-recording");
  show("stage");
  by("do").focus();
  try {
    const stream = await openCamera(video, { facingMode: "user" });
    for (const track of stream.getTracks()) track.onended = () => fail(UNPLUGGED);
  } catch (error) {
    fail(error.message);
    return;
  }
  lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  if (plan().dataset.gauge === "yes") follow();
  else withoutGauge("");
}

function follow() {
  const reps = by("reps").valueAsNumber;
  instruct("Waking the pose model");
  by("last-time").hidden = !wanted.subject;
  showGauge({ angle: null, held: 0, furthest: null, target: null, reps: 0 }, reps);
  live = new Live(video, { ...wanted, reps }, {
    ready: () => instruct("Sit down in front of the camera"),
    moment: (moment) => {
      if (isOver) return;
      if (moment.begun && !film) record();
      instruct(moment.do);
      by("count").textContent = moment.count || "";
      showMarks(moment, live.size);
      showGauge(moment, reps);
      showHints(film ? [] : moment.hints);
      say(moment.say);
      if (moment.ended === GONE) fail("Nobody was in view any more.");
      else if (moment.ended) finish();
    },
    refused: withoutGauge,
    closed: () => withoutGauge("The live picture was lost."),
  });
  by("begin").hidden = false;
}

// A film is a film without a gauge too; what is measured is the film.
function withoutGauge(why) {
  by("panel").hidden = true;
  by("panel").parentElement.classList.add("alone");
  by("begin").hidden = Boolean(film);
  by("count").textContent = "";
  showMarks({}, { width: 2, height: 2 });
  showHints([]);
  instruct(film ? "Go on with the test" : "Take your place, then record");
  standing = `${why} The film is measured in full afterwards.`.trim();
  note("");
}

by("begin").addEventListener("click", async () => {
  by("begin").hidden = true;
  for (let left = COUNTDOWN_S; left > 0 && !film && !isOver; left -= 1) {
    by("count").textContent = left;
    say(String(left));
    await new Promise((go) => setTimeout(go, 1000));
  }
  by("count").textContent = "";
  if (!film && !isOver) {
    record();
    say("Recording.");
    if (by("panel").hidden) instruct("Do the test, then stop");
  }
});

function record() {
  film = new Film(video.srcObject, wanted, {
    waits: note,
    failed: (error) => fail(error.message),
  });
  live?.countAnew();
  by("begin").hidden = true;
  by("stop").hidden = by("again").hidden = by("filming").hidden = false;
  clock = setInterval(() => {
    const seconds = Math.floor(film.seconds);
    by("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= LONGEST_S) finish();
  }, 500);
}

// Its ends: measured, begun again, or cut short.
by("stop").addEventListener("click", () => finish());
by("again").addEventListener("click", async () => {
  const [discarded] = [film, over()];
  await discarded.discard().catch(() => undefined);
  location.assign(`/record?${new URLSearchParams(wanted)}`);
});

function over() {
  isOver = true;
  clearInterval(clock);
  live?.close();
  lock?.release();
  window.speechSynthesis?.cancel();
}

async function finish() {
  if (isOver) return;
  over();
  say("Done.");
  offerOtherLeg();
  show("end");
  try {
    const job = await film.end();
    closeCamera(video);
    tellFacts();
    followJob(job);
  } catch (error) {
    closeCamera(video);
    await showFault(error.message);
  }
}

async function fail(words) {
  if (isOver) return;
  over();
  closeCamera(video);
  await showFault(words);
}

async function showFault(words) {
  by("fault-words").textContent = words;
  by("anew").href = `/record?${new URLSearchParams(wanted)}`;
  show("fault");
  if (!film) return;
  await film.stop().catch(() => undefined);
  film.leave();
  film.isOver = true;
  by("left-words").textContent = `A recording of ${film.seconds.toFixed(0)} s was cut short.`;
  by("measure-left").action = `/record/${film.id}/measure`;
  by("discard-left").action = `/record/${film.id}/discard`;
  by("left").hidden = !film.id;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden && film) fail(HIDDEN);
});
window.addEventListener("pagehide", () => film?.leave());
window.addEventListener("beforeunload", (event) => {
  if (film && !film.isOver) event.preventDefault();
});

// The film is there: how far its measuring is, and then its result.
function followJob(job) {
  by("end-title").textContent = "Measuring the film";
  by("end-words").textContent =
    "Every picture of it is measured, which takes about as long as it lasts. The result opens by itself.";
  const source = new EventSource("/api/jobs/events");
  source.onmessage = ({ data }) => {
    const { name, state, share, words } = JSON.parse(data);
    if (name !== job) return;
    by("progress").value = share;
    by("progress-words").textContent = state === "queued" ? "Waits for its turn" : words;
    if (state === "done" || state === "failed" || state === "cancelled") {
      source.close();
      const query = state === "done" ? { job } : { name: job };
      location.assign(`/${state === "done" ? "result" : "job"}?${new URLSearchParams(query)}`);
    }
  };
}

function offerOtherLeg() {
  if (wanted.side !== "left" && wanted.side !== "right") return;
  const side = wanted.side === "left" ? "right" : "left";
  by("other-leg").href = `/record?${new URLSearchParams({ ...wanted, side })}`;
  by("other-leg").textContent = `Record the ${side} leg meanwhile`;
  by("other-leg").hidden = false;
}

function tellFacts() {
  const facts = [["Length", `${film.seconds.toFixed(1)} s`]];
  const { moments, perSecond, delayMs } = live?.facts ?? { moments: 0 };
  if (moments > 1) {
    facts.push(["Live picture", `${perSecond.toFixed(1)} times a second`]);
    facts.push(["From the camera to the marks", `${delayMs.toFixed(0)} ms (median)`]);
  }
  by("facts").replaceChildren(
    ...facts.flatMap(([term, words]) =>
      [["dt", term], ["dd", words]].map(([kind, text]) => {
        const node = document.createElement(kind);
        node.textContent = text;
        return node;
      }),
    ),
  );
}

function instruct(words) {
  if (by("do").textContent !== words) by("do").textContent = words;
}

function note(words) {
  by("note").textContent = words || standing;
}

function show(id) {
  for (const each of ["setup", "stage", "fault", "end"]) by(each).hidden = each !== id;
  if (id !== "stage") by(id).focus();
}

choose();
if (!document.querySelector(".cut")) {
  const { arriving } = await (await fetch("/api/recordings")).json();
  by("arriving").hidden = !arriving;
}

// The camera's picture -> one JPEG after the other to the server, which says what it
// sees; once nothing more is wanted, a name makes it a profile.
import { closeCamera, openCamera, UNPLUGGED } from "./camera.js";

const node = (id) => document.getElementById(id);
const [camera, marks, said, start, stop, device] = ["camera", "marks", "said", "start", "stop", "device"].map(node);
const PAUSE_MS = 350;
const still = document.createElement("canvas");
let run = 0; // the one that is under way; another number ends its loop
let calibration = null;

function tell(words, isWrong = false) {
  said.textContent = words;
  said.classList.toggle("wrong", isWrong);
}

async function ask(address, how = {}) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", ...how });
  } catch {
    throw new Error("The server does not answer. Start anew when it is back.");
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw new Error(typeof body.error === "string" ? body.error : "The server did not take it.");
}

async function open(id) {
  const stream = await openCamera(camera, id ? { deviceId: { exact: id } } : {});
  stream.getVideoTracks()[0].onended = () => {
    end();
    tell(UNPLUGGED, true);
  };
  await listDevices();
}

async function listDevices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  const cameras = all.filter(({ kind }) => kind === "videoinput");
  const now = camera.srcObject.getVideoTracks()[0].getSettings().deviceId;
  device.replaceChildren(
    ...cameras.map(({ deviceId, label }, index) => {
      const isNow = deviceId === now;
      return new Option(label || `Camera ${index + 1}`, deviceId, isNow, isNow);
    }),
  );
  node("which").hidden = cameras.length < 2;
}

function end() {
  run += 1;
  closeCamera(camera);
  marks.getContext("2d").clearRect(0, 0, marks.width, marks.height);
  node("rest").hidden = false;
  start.hidden = false;
  stop.hidden = true;
}

function picture() {
  still.width = camera.videoWidth;
  still.height = camera.videoHeight;
  still.getContext("2d").drawImage(camera, 0, 0);
  return new Promise((done) => still.toBlob(done, "image/jpeg", 0.92));
}

function draw({ corners, state }) {
  marks.width = camera.videoWidth;
  marks.height = camera.videoHeight;
  const pen = marks.getContext("2d");
  pen.fillStyle = state === "taken" ? "#52d3c8" : "#f1c768";
  pen.strokeStyle = "#10171d";
  for (const [x, y] of corners) {
    pen.beginPath();
    pen.arc(x * marks.width, y * marks.height, 4, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
}

function show(seen) {
  draw(seen);
  node("views").textContent = seen.views;
  const cells = node("covered").children;
  seen.covered.flat().forEach((on, index) => cells[index].classList.toggle("reached", on));
  const percent = Math.round(100 * seen.share);
  node("covered").setAttribute("aria-label", `The board has been in ${percent} percent of the picture`);
  const list = node("wanted");
  const words = seen.wanted.length ? seen.wanted : ["nothing more"];
  if (words.join() !== [...list.children].map((each) => each.textContent).join()) {
    list.replaceChildren(
      ...words.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
    );
  }
  node("done").disabled = seen.wanted.length > 0;
  if (!seen.wanted.length) {
    end();
    tell("That is enough. Give the camera a name below.");
    node("name").focus();
  } else if (said.textContent !== seen.said) {
    tell(seen.said, seen.state !== "taken" && seen.state !== "known");
  }
}

async function look(mine) {
  while (run === mine) {
    const began = performance.now();
    if (!document.hidden && camera.videoWidth) {
      const jpeg = await picture();
      if (run !== mine) return;
      const seen = await ask(`/api/calibrations/${calibration}/pictures`, {
        body: jpeg,
        headers: { "Content-Type": "image/jpeg" },
      });
      if (run !== mine) return;
      show(seen);
    }
    const taken = performance.now() - began;
    await new Promise((go) => setTimeout(go, Math.max(PAUSE_MS - taken, 50)));
  }
}

async function begin() {
  end();
  const mine = run;
  tell("");
  start.disabled = device.disabled = true;
  node("result").hidden = true;
  node("done").disabled = true;
  try {
    await open(device.value);
    if (calibration) await fetch(`/api/calibrations/${calibration}`, { method: "DELETE" });
    calibration = (await ask("/api/calibrations")).id;
    node("rest").hidden = true;
    node("progress").hidden = false;
    node("how").hidden = true;
    start.hidden = true;
    start.textContent = "Start anew";
    stop.hidden = false;
    start.disabled = device.disabled = false;
    await look(mine);
  } catch (error) {
    if (run !== mine) return;
    end();
    tell(error.message, true);
  } finally {
    start.disabled = device.disabled = false;
  }
}

start.addEventListener("click", begin);
device.addEventListener("change", begin);
stop.addEventListener("click", () => {
  end();
  tell("Stopped. Nothing was kept.");
  start.focus();
});
node("keep").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = node("done");
  button.disabled = true;
  try {
    const found = await ask(`/api/calibrations/${calibration}/profile`, {
      body: JSON.stringify({ name: node("name").value }),
      headers: { "Content-Type": "application/json" },
    });
    node("keep").hidden = true;
    const result = node("result");
    result.hidden = false;
    result.firstElementChild.textContent =
      `${found.name} is known now: its lens is off by ${found.error} on average over ` +
      `${found.views} views of ${found.size}. It can be chosen when a video is added.`;
    result.focus();
    tell("");
  } catch (error) {
    tell(error.message, true);
    button.disabled = false;
  }
});
window.addEventListener("pagehide", end);

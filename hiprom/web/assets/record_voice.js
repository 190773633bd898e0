// Words -> the browser's own voice, if it has one and is wanted; always to the region
// that a screen reader follows.
const button = document.getElementById("voice");
const said = document.getElementById("said");
let isOn = true;

export function say(words) {
  if (!words) return;
  said.textContent = words;
  if (!isOn || !window.speechSynthesis) return;
  speechSynthesis.cancel();
  const spoken = new SpeechSynthesisUtterance(words.replaceAll("°", " degrees"));
  spoken.lang = "en";
  speechSynthesis.speak(spoken);
}

button.hidden = !window.speechSynthesis;
button.addEventListener("click", () => {
  isOn = !isOn;
  if (!isOn) speechSynthesis.cancel();
  button.textContent = isOn ? "Switch the voice off" : "Switch the voice on";
});

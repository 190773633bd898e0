// A backup that is chosen -> sent, looked into by the server, and shown.
const form = document.getElementById("restore");
const way = document.getElementById("way");
const said = document.getElementById("said");

function send(file, moved) {
  return new Promise((done, failed) => {
    const asks = new XMLHttpRequest(); // fetch does not tell how much is sent
    asks.open("PUT", "/settings/restore");
    asks.responseType = "json";
    asks.upload.onprogress = ({ loaded, total }) => moved(loaded / total);
    asks.onload = () =>
      asks.status === 200
        ? done(asks.response.name)
        : failed(new Error(asks.response?.error ?? "The server did not take it."));
    asks.onerror = () => failed(new Error("The server does not answer. Try again."));
    asks.send(file);
  });
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  way.hidden = false;
  said.classList.remove("wrong");
  try {
    const name = await send(document.getElementById("file").files[0], (share) => {
      way.firstElementChild.value = share;
      said.textContent = share < 1 ? "Sending" : "Looking into it";
    });
    location.assign(`/settings/restore?name=${encodeURIComponent(name)}`);
  } catch (error) {
    said.classList.add("wrong");
    said.textContent = error.message;
    way.hidden = true;
  } finally {
    button.disabled = false;
  }
});

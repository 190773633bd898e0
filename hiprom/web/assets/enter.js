// The printed address carries the token behind its "#", which is never sent: it fills
// the form, and leaves the address.
const token = decodeURIComponent(location.hash.slice(1));
if (token) {
  history.replaceState(null, "", location.pathname);
  document.querySelector("#token").value = token;
  document.querySelector("#enter").requestSubmit();
}

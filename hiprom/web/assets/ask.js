// A question that must be answered before a form is sent.
const dialog = document.getElementById("ask");

export function ask(words) {
  document.getElementById("ask-words").textContent = words;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) =>
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), {
      once: true,
    }),
  );
}

// For a page whose forms may load it anew.
export function askBeforeForms() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.ask) return;
    event.preventDefault();
    if (await ask(form.dataset.ask)) form.submit();
  });
}

// One key decides: the key of a button presses it, that of a field goes there.
const form = document.querySelector("[data-review]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target instanceof HTMLElement && event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const found = form?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!found) return;
  event.preventDefault();
  if (found instanceof HTMLInputElement) found.focus();
  else form.requestSubmit(found);
});

// Return in the field of the other thing means that thing, and not the first button of the form.
for (const field of form?.querySelectorAll("input:not([type=hidden])") ?? []) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (field.name === "target") form.requestSubmit(form.querySelector('[value="other"]'));
  });
}

// A decision that is sent twice would be refused the second time.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});

// Esc puts away the card of a citation mark (WCAG 1.4.13), until it is pointed at or focused anew.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const cite of document.querySelectorAll(".cite:hover, .cite:focus-within")) {
    cite.classList.add("dismissed");
    const back = () => cite.classList.remove("dismissed");
    cite.addEventListener("pointerleave", back, { once: true });
    cite.addEventListener("focusout", back, { once: true });
  }
});

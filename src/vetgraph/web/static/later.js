// Parts of a page that take longer than the rest: asked for by themselves when the page is there, and put in their places.
"use strict";

const places = [...document.querySelectorAll("[data-later]")];

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function fill(address) {
  const own = places.filter((place) => place.dataset.later === address);
  try {
    const whole = await fetched(address);
    for (const place of own) {
      const found = whole.getElementById(place.id);
      if (found) place.replaceWith(found);
      else place.remove();
    }
    if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  } catch {
    for (const place of own) place.removeAttribute("aria-busy"); // the link in it still works
  }
}

for (const address of new Set(places.map((place) => place.dataset.later))) fill(address);

// A page whose table is still being read: wait for it, then show the page again; what is no page, or still waits then, is gone to.
const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
for (const place of document.querySelectorAll("[data-reload]")) {
  fetch(place.dataset.reload, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok && !again ? location.reload() : location.assign(place.dataset.reload)))
    .catch(() => place.removeAttribute("aria-busy"));
}

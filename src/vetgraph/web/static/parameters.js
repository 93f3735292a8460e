// Suggests names for the parameters of a question, while somebody types. Without this script any name can be typed as it is.
"use strict";

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `names-of-${input.name}`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const typed = input.value.trim();
      if (!typed) return;
      const query = new URLSearchParams({ q: typed, lang: "zh" }); // names are compared as the reports write them
      const answer = await fetch(`${input.dataset.from}?${query}`);
      if (!answer.ok || typed !== input.value.trim()) return;
      const kind = input.dataset.suggest;
      const found = (await answer.json()).results.filter((each) => !kind || each.href.includes(`/${kind}/`));
      list.replaceChildren(
        ...found.map((each) => {
          const option = document.createElement("option");
          option.value = each.label;
          option.label = each.kind;
          return option;
        }),
      );
    }, 120);
  });
}

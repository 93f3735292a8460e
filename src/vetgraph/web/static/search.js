// Suggestions while somebody types: a combobox with a list (ARIA 1.2). Without this script the form leads to /search.
"use strict";

const WAIT = 90; // milliseconds after the last key
let made = 0;

class Box {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.input.removeAttribute("list"); // what serves those without this script
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `suggestions-${++made}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.dataset.list);
    this.said = document.createElement("span");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    form.append(this.list, this.said);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      "aria-haspopup": "listbox",
    })) {
      this.input.setAttribute(name, value);
    }
    this.chosen = -1;
    this.kept = new Map();
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.value && this.list.childElementCount && this.show());
    this.form.addEventListener("focusout", (event) => this.form.contains(event.relatedTarget) || this.hide());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const typed = this.input.value.trim();
    this.asking?.abort();
    if (!typed) {
      this.list.replaceChildren();
      this.hide();
      return;
    }
    let found = this.kept.get(typed);
    if (!found) {
      this.asking = new AbortController();
      try {
        const query = new URLSearchParams({ q: typed, lang: document.documentElement.lang.slice(0, 2) });
        if (this.form.dataset.kind) query.set("kind", this.form.dataset.kind);
        const answer = await fetch(`${this.form.dataset.suggest}?${query}`, { signal: this.asking.signal });
        if (!answer.ok) return; // the form still works
        found = (await answer.json()).results;
        this.kept.set(typed, found);
      } catch {
        return;
      }
    }
    if (typed === this.input.value.trim()) this.fill(found.filter((each) => !this.there(each)));
  }

  // Whether a thing is in the comparison already.
  there(found) {
    return Boolean(this.form.dataset.to) && new FormData(this.form).getAll("of").includes(found.id);
  }

  fill(found) {
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    const options = found.map((each, number) => this.option(each, number));
    if (found.length) {
      const query = new URLSearchParams(new FormData(this.form));
      const whole = this.bare("option", `${this.form.dataset.all} →`, "whole");
      whole.dataset.href = `${this.form.action}?${query}`;
      whole.id = `${this.list.id}-${found.length}`;
      options.push(whole);
    } else {
      options.push(this.bare("presentation", this.form.dataset.none, "none"));
    }
    this.list.replaceChildren(...options);
    this.said.textContent = found.length
      ? this.form.dataset.some.replace("{count}", found.length)
      : this.form.dataset.none;
    this.show();
  }

  bare(role, text, name) {
    const item = document.createElement("li");
    item.setAttribute("role", role);
    if (role === "option") item.setAttribute("aria-selected", "false");
    item.className = name;
    item.textContent = text;
    return item;
  }

  option(found, number) {
    const item = this.bare("option", "", "");
    item.id = `${this.list.id}-${number}`;
    const to = this.form.dataset.to; // a comparison, that the thing joins
    item.dataset.href = to ? `${to}&${new URLSearchParams({ of: found.id })}` : found.href;
    const matched = found.matched.map((part) => part.text).join("");
    const same = matched === found.label;
    const label = document.createElement("span");
    if (same) label.append(...this.marked(found.matched));
    else label.textContent = found.label;
    const sort = document.createElement("span");
    sort.className = "sort";
    sort.textContent = found.kind;
    item.append(label, sort);
    if (!same) {
      const why = document.createElement("span");
      why.className = "why";
      const way = document.createElement("span");
      way.className = "way";
      way.textContent = found.way;
      why.append(way, " ", ...this.marked(found.matched));
      item.append(why);
    } else {
      sort.textContent = `${found.way} · ${found.kind}`;
    }
    return item;
  }

  marked(parts) {
    return parts.map((part) => {
      if (!part.mark) return document.createTextNode(part.text);
      const mark = document.createElement("mark");
      mark.textContent = part.text;
      return mark;
    });
  }

  key(event) {
    if (event.isComposing) return; // the keys are the input method's
    const options = [...this.list.querySelectorAll("[role=option]")];
    if (event.key === "Escape") {
      if (!this.list.hidden) event.preventDefault(); // the first Esc closes the list, the next empties the box
      this.hide();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      if (this.list.hidden) this.show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = options.length + 1; // one of them is the box itself
      this.choose(options, ((this.chosen + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && this.chosen >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.take(options[this.chosen]);
    }
  }

  choose(options, number) {
    this.chosen = number;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
    if (number < 0) {
      this.input.removeAttribute("aria-activedescendant");
    } else {
      this.input.setAttribute("aria-activedescendant", options[number].id);
      options[number].scrollIntoView({ block: "nearest" });
    }
  }

  take(option) {
    if (option?.dataset.href) location.assign(option.dataset.href);
  }

  show() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  hide() {
    this.list.hidden = true;
    this.choose([...this.list.querySelectorAll("[role=option]")], -1);
    this.input.setAttribute("aria-expanded", "false");
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Box(form);

// Where the index of names is being made: ask for it now and then, and show the results when it is there.
const waiting = document.querySelector("[data-again]");
if (waiting) {
  const form = document.querySelector("form[data-suggest]");
  const ask = async () => {
    const answer = await fetch(`${form.dataset.suggest}?q=`).catch(() => null);
    if (answer?.ok) location.reload();
    else setTimeout(ask, waiting.dataset.again * 1000);
  };
  setTimeout(ask, waiting.dataset.again * 1000);
}

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, textarea, select, [contenteditable], .yasgui, .cm-editor, .CodeMirror");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || busy) return;
  const input = document.querySelector("form[data-suggest] input");
  if (input) {
    event.preventDefault();
    input.focus();
    input.select();
  }
});

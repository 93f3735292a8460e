/* The box that finds a node by name: a combobox as the ARIA practices describe it. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;
  const MOST = 12;

  view.finder = function (box, list, data, choose) {
    let found = [];
    let at = -1;

    function show() {
      found = data.search(box.value, MOST);
      at = -1;
      list.replaceChildren(
        ...found.map((node, number) => {
          const alias = data.alias(node) || data.values("kind", node)[0] || "";
          const item = view.make("li", { role: "option", id: `network-found-${number}`, "aria-selected": "false" }, data.label(node));
          if (alias) item.append(view.make("small", {}, alias));
          item.addEventListener("pointerdown", (event) => {
            event.preventDefault();  // the box keeps the focus
            take(number);
          });
          return item;
        }),
      );
      open(found.length > 0);
    }

    function open(shown) {
      list.hidden = !shown;
      box.setAttribute("aria-expanded", String(shown));
      if (!shown) box.removeAttribute("aria-activedescendant");
    }

    function mark(number) {
      at = (number + found.length) % found.length;
      [...list.children].forEach((item, each) => item.setAttribute("aria-selected", String(each === at)));
      box.setAttribute("aria-activedescendant", `network-found-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    }

    function take(number) {
      const node = found[number];
      box.value = data.label(node);
      open(false);
      choose(node);
    }

    box.addEventListener("input", show);
    box.addEventListener("blur", () => open(false));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        open(false);
      } else if (event.key === "Enter" && found.length) {
        event.preventDefault();
        take(Math.max(at, 0));
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length && !list.hidden) {
        event.preventDefault();
        mark(at < 0 && event.key === "ArrowUp" ? found.length - 1 : at + (event.key === "ArrowDown" ? 1 : -1));
      }
    });
  };
})();

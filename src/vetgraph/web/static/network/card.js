/* The card of a node: its names and facts, its figures, and its ties with the passages behind each. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;
  const MOST = 60;
  const FIGURES = ["degree", "strength", "betweenness", "closeness", "pagerank", "core", "community"];

  view.card = function (place, data, words, node, shown, act) {
    const { make, link, number } = view;
    const of = data.told.nodes;
    place.replaceChildren();
    const close = make("button", { type: "button", class: "second network-close", "aria-label": words["network-close"] }, "×");
    close.addEventListener("click", act.close);
    place.append(close, make("h2", {}, data.label(node)));
    if (data.alias(node)) place.append(make("p", { lang: data.lang === "en" ? "zh" : "en" }, data.alias(node)));
    const facts = make("dl", {});
    const fact = (title, value) => value && facts.append(make("dt", {}, title), make("dd", {}, value));
    for (const [column, word] of [["kind", "type"], ["ownership", "ownership"], ["level", "level"], ["group", "group"]]) {
      const values = data.values(column, node).filter((value) => value && value !== data.label(node));
      fact(words[`network-${word}`], values.join(data.lang === "zh" ? "、" : ", "));
    }
    for (const name of FIGURES) {
      if (of.measures[name]) fact(data.text(data.told.names.node[name][0]), number(data.measure(name, node)));
    }
    place.append(facts);
    const address = data.address(of.id[node]);
    if (address) place.append(make("p", {}, link(address, words["network-page"])));
    const ties = data.incident[node].filter((tie) => shown[tie]);
    place.append(make("h3", {}, `${words["network-its-ties"]} (${ties.length})`));
    const list = make("ul", {});
    for (const tie of ties.slice(0, MOST)) list.append(item(data, words, node, tie, act));
    place.append(list);
    if (ties.length > MOST) place.append(make("p", {}, view.fill(words["network-more"], { count: ties.length - MOST })));
    place.hidden = false;
    place.scrollTop = 0;
  };

  function item(data, words, node, tie, act) {
    const { make, link, number } = view;
    const other = data.other(tie, node);
    const arrow = !data.told.directed ? "" : data.told.ties.source[tie] === node ? "→ " : "← ";
    const go = make("button", { type: "button" }, data.label(other));
    go.addEventListener("click", () => act.choose(other));
    const relation = data.relation(tie);
    const weight = data.leastWeight === data.mostWeight ? "" : ` · ${words.weight} ${number(data.told.ties.weight[tie])}`;
    const made = make("li", {}, arrow, go, relation || weight ? ` ${relation}${weight}` : "");
    const shared = data.shared(tie);
    if (shared.length) made.append(make("p", {}, `${words["network-in-common"]} ${shared.join(data.lang === "zh" ? "；" : "; ")}`));
    const proofs = data.passages(tie);
    if (proofs.length) {
      const told = make("p", {}, `${words["network-proof"]} `);
      proofs.forEach((proof, at) => {
        if (at) told.append(data.lang === "zh" ? "；" : "; ");
        const named = link(proof.address, proof.text);
        if (proof.report && named.setAttribute) named.setAttribute("title", proof.report);
        told.append(named);
      });
      made.append(told);
    }
    return made;
  }
})();

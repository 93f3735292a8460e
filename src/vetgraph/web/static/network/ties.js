/* The table of ties follows the picture: the filters, and the chosen node. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;

  view.table = function (table, told, data, words, state, shown) {
    if (!table) return;
    const { make, link, number } = view;
    const most = Number(table.dataset.rows);
    const ties = [];
    for (let tie = 0; tie < data.ties; tie++) {
      const { source, target } = data.told.ties;
      if (shown[tie] && (state.node < 0 || source[tie] === state.node || target[tie] === state.node)) ties.push(tie);
    }
    const named = (node) => link(data.address(data.told.nodes.id[node]), data.label(node));
    const between = data.lang === "zh" ? "；" : "; ";
    const rows = ties.slice(0, most).map((tie) => {
      const proofs = make("td", {});
      data.passages(tie).forEach((proof, at) => proofs.append(at ? between : "", link(proof.address, proof.text)));
      return make("tr", {},
        make("td", {}, named(data.told.ties.source[tie])),
        make("td", {}, named(data.told.ties.target[tie])),
        make("td", {}, data.relation(tie)),
        make("td", { class: "number" }, number(data.told.ties.weight[tie])),
        make("td", {}, data.shared(tie).join(between)),
        proofs,
      );
    });
    table.tBodies[0].replaceChildren(...rows);
    const parts = state.node >= 0 ? [view.fill(words["network-ties-of"], { name: data.label(state.node) })] : [];
    parts.push(view.fill(words["network-rows"], { shown: rows.length, ties: data.ties }));
    told.textContent = parts.join(data.lang === "zh" ? "。" : ". ");
    told.hidden = rows.length === data.ties;
  };
})();

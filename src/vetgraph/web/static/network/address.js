/* The exact view in the fragment of the address: colour, size, filters, the chosen node, and the camera. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;

  /** The state that a page begins with. */
  view.beginning = (look, data) => ({
    colour: look.colours[0][0],
    size: look.sizes.some(([name]) => name === "degree") ? "degree" : "",
    weight: data.leastWeight,
    without: new Set(),
    node: -1,
  });

  /** Write a state, without what is as it begins. */
  view.written = function (state, camera, look, data) {
    const first = view.beginning(look, data);
    const told = new URLSearchParams();
    if (state.colour !== first.colour) told.set("colour", state.colour);
    if (state.size !== first.size) told.set("size", state.size || "none");
    if (state.weight > first.weight) told.set("weight", String(state.weight));
    if (state.without.size) {
      told.set("without", [...state.without].map((number) => data.told.lists.relation[number].key).join(" "));
    }
    if (state.node >= 0) told.set("node", data.key(state.node));
    if (camera && (Math.abs(camera.x - 0.5) > 1e-4 || Math.abs(camera.y - 0.5) > 1e-4 || Math.abs(camera.ratio - 1) > 1e-4)) {
      told.set("at", [camera.x, camera.y, camera.ratio].map((part) => String(Math.round(part * 1e4) / 1e4)).join(","));
    }
    return told.toString();
  };

  /** Read a state; what it does not know stays as it begins. */
  view.read = function (fragment, look, data) {
    const told = new URLSearchParams(fragment.replace(/^#/, ""));
    const state = view.beginning(look, data);
    if (look.colours.some(([name]) => name === told.get("colour"))) state.colour = told.get("colour");
    const size = told.get("size") === "none" ? "" : told.get("size");
    if (size !== null && look.sizes.some(([name]) => name === size)) state.size = size;
    const weight = Number(told.get("weight"));
    if (told.has("weight") && Number.isFinite(weight)) state.weight = Math.min(weight, data.mostWeight);
    const without = new Set((told.get("without") || "").split(" "));
    if (told.has("without")) {
      data.told.lists.relation.forEach((each, number) => without.has(each.key) && state.without.add(number));
    }
    if (told.has("node")) state.node = data.find(told.get("node"));
    const at = (told.get("at") || "").split(",").map(Number);
    const camera = at.length === 3 && at.every(Number.isFinite) && at[2] > 0 ? { x: at[0], y: at[1], ratio: at[2] } : null;
    return { state, camera };
  };
})();

/* Colours and sizes: of nodes by a column or a community, of ties by relation and weight; light and dark. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;
  const DARK = ["#57aee6", "#f58b4c", "#35c79a", "#e6a3cb", "#f2b840", "#8fd0f2", "#c4a064", "#a9a9a9"];
  const LIGHT_TIES = ["#a3a9af", "#c07a50", "#3f948c", "#9a6fc0", "#5f80c4", "#b3962a", "#c25f7e", "#6d6d6d"];
  const DARK_TIES = ["#6f767d", "#b98562", "#5da49d", "#a98bc6", "#7d97cc", "#b8a24f", "#c67d93", "#8d8d8d"];
  const COLUMNS = ["kind", "ownership", "level", "group"];
  const NOT_SIZES = new Set(["community", "articulation"]);

  view.dark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;

  view.Look = class {
    constructor(data, words) {
      this.data = data;
      this.words = words;
      this.many = data.count > 1000;
      this.colours = this.choices();
      this.sizes = [["", words["network-same"]]].concat(
        Object.entries(data.told.names.node)
          .filter(([name]) => !NOT_SIZES.has(name) && this.varied(name))
          .map(([name, told]) => [name, data.text(told[0])]),
      );
    }

    /** The columns that tell nodes apart. */
    choices() {
      const titles = {
        kind: "network-type", ownership: "network-ownership", level: "network-level", group: "network-group",
      };
      const found = COLUMNS.filter((column) => this.data.told.lists[column].some((each) => each.key))
        .map((column) => [column, this.words[titles[column]]]);
      if (this.data.told.nodes.measures.community) found.push(["community", this.words["network-community"]]);
      return found.length ? found : [["", this.words["network-one"]]];
    }

    varied(name) {
      const values = this.data.told.nodes.measures[name];
      return values && values.some((value) => value !== null && value !== values[0]);
    }

    /** Paper, ink and the rest, from the style sheet of the page. */
    theme() {
      const style = getComputedStyle(document.documentElement);
      const of = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
      const dark = view.dark();
      return {
        ink: of("--ink", dark ? "#e8e4da" : "#1d2327"),
        panel: of("--panel", dark ? "#202326" : "#fff"),
        mark: of("--mark", "#9a3b26"),
        dim: dark ? "#34383b" : "#e6e3db",
        dimTie: dark ? "#2a2d30" : "#f0eee8",
        none: dark ? "#7d8287" : "#9aa0a6",
        nodes: dark ? DARK : this.data.told.palette,
        ties: dark ? DARK_TIES : LIGHT_TIES,
      };
    }

    /** The colour of each node, and what the legend says. */
    painted(column, theme) {
      const { data } = this;
      const colours = new Array(data.count);
      const counts = new Map();
      const place = (node) =>
        column === "community" ? data.measure("community", node) : column ? data.value(column, node) : 0;
      for (let node = 0; node < data.count; node++) counts.set(place(node), (counts.get(place(node)) || 0) + 1);
      const palette = this.assigned(column, counts, theme);
      for (let node = 0; node < data.count; node++) colours[node] = palette.get(place(node)) || theme.none;
      return { colours, legend: this.legend(column, counts, palette, theme) };
    }

    assigned(column, counts, theme) {
      const palette = new Map();
      if (column === "kind") {
        this.data.told.lists.kind.forEach((kind, number) => {
          palette.set(number, theme.nodes[this.data.told.palette.indexOf(kind.colour)] || theme.none);
        });
        return palette;
      }
      const ranked = [...counts].filter(([key]) => key !== -1).sort((one, other) => other[1] - one[1] || one[0] - other[0]);
      const known = ranked.filter(([, count]) => column !== "community" || count > 1 || ranked.length <= theme.nodes.length);
      known.slice(0, theme.nodes.length).forEach(([key], number) => palette.set(key, theme.nodes[number]));
      return palette;
    }

    legend(column, counts, palette, theme) {
      if (!column) return [];
      const named = (key) =>
        column === "community"
          ? `${this.words["network-community"]} ${key}`
          : this.data.text(this.data.told.lists[column][key]) || this.words["network-unknown"];
      const told = [...palette].filter(([key]) => counts.get(key)).map(([key, colour]) => [colour, named(key), counts.get(key)]);
      const rest = [...counts].filter(([key]) => !palette.has(key));
      const unknown = rest.filter(([key]) => key === -1).reduce((sum, each) => sum + each[1], 0);
      const other = rest.reduce((sum, each) => sum + each[1], 0) - unknown;
      if (other) told.push([theme.none, this.words["network-other"], other]);
      if (unknown) told.push([theme.none, this.words["network-unknown"], unknown]);
      return told;
    }

    /** The radius of each node in pixels; `unit` is the length of a tie, so that nodes do not cover each other. */
    sized(name, unit) {
      const { count } = this.data;
      const [least, most] = count <= 1000 ? [Math.min(6, 0.2 * unit), Math.min(20, 0.42 * unit)] : [1.6, 10];
      const [low, high] = [Math.max(least, 1.6), Math.max(most, 3)];
      const values = name ? this.data.told.nodes.measures[name].map((value) => Math.max(value || 0, 0)) : [];
      const top = values.reduce((one, other) => Math.max(one, other), 0);
      return Array.from({ length: count }, (_, node) =>
        !name ? (low + high) / 2.2 : top ? low + (high - low) * Math.sqrt(values[node] / top) : low,
      );
    }

    /** How wide a tie is, in pixels. */
    width(weight) {
      const { leastWeight, mostWeight } = this.data;
      const base = this.data.ties > 5000 ? 0.6 : this.data.ties > 400 ? 1.2 : 2.2;
      if (leastWeight === mostWeight) return base;
      return base * (0.6 + 2 * Math.max(weight, 0) / mostWeight);
    }

    tie(relation, theme) {
      return theme.ties[relation % theme.ties.length];
    }
  };
})();

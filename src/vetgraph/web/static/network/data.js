/* A network as the server tells it (export/view.py): columns, and lists of what is named by its number. */
"use strict";
(function () {
  const view = (window.vetgraphNetwork = window.vetgraphNetwork || {});

  /** Wrap the server's JSON; `root` is the path of the service, empty in a file of its own. */
  view.Data = class {
    constructor(told, lang, root) {
      this.told = told;
      this.lang = lang;
      this.root = root;
      this.count = told.nodes.id.length;
      this.ties = told.ties.source.length;
      this.incident = Array.from({ length: this.count }, () => []);
      for (let tie = 0; tie < this.ties; tie++) {
        this.incident[told.ties.source[tie]].push(tie);
        if (told.ties.source[tie] !== told.ties.target[tie]) this.incident[told.ties.target[tie]].push(tie);
      }
      const weights = new Set(told.ties.weight);
      this.leastWeight = Math.min(...weights);
      this.mostWeight = Math.max(...weights);
      this.weights = [...weights].sort((one, other) => one - other);
    }

    text(pair) {
      return pair ? pair[this.lang] || pair.zh || pair.en : "";
    }

    label(node) {
      const { zh, en } = this.told.nodes;
      return (this.lang === "en" && en[node]) || zh[node];
    }

    /** The name in the other language, where there is one. */
    alias(node) {
      const { zh, en } = this.told.nodes;
      return en[node] ? (this.lang === "en" ? zh[node] : en[node]) : "";
    }

    /** The number of a node's value in a list (`kind`, `group` …); -1 where nothing is said. */
    value(column, node) {
      if (column === "group") return this.told.nodes.groups[node].length ? this.told.nodes.groups[node][0] : -1;
      return this.told.nodes[column][node];
    }

    /** The names of all its values in a list. */
    values(column, node) {
      const numbers = column === "group" ? this.told.nodes.groups[node] : [this.told.nodes[column][node]];
      return numbers.filter((number) => number >= 0).map((number) => this.text(this.told.lists[column][number]));
    }

    measure(name, node) {
      return this.told.nodes.measures[name][node];
    }

    other(tie, node) {
      const { source, target } = this.told.ties;
      return source[tie] === node ? target[tie] : source[tie];
    }

    relation(tie) {
      return this.text(this.told.lists.relation[this.told.ties.relation[tie]]);
    }

    shared(tie) {
      return this.told.ties.shared[tie].map((number) => this.text(this.told.lists.shared[number]));
    }

    /** The passages behind a tie: what they are called, and where they are. */
    passages(tie) {
      return this.told.ties.passages[tie].map((number) => {
        const passage = this.told.passages[number];
        const report = passage.report >= 0 ? this.text(this.told.lists.report[passage.report]) : "";
        return { text: `${passage.section} ${passage.heading}`.trim(), report, address: this.address(passage.id) };
      });
    }

    /** Where a page links an IRI to: ours on this service, others on the web, nothing for a text. */
    address(iri) {
      if (!/^https?:\/\//.test(iri)) return "";
      const own = this.root && iri.startsWith(this.told.base);
      return own ? this.root + iri.slice(this.told.base.length) : iri;
    }

    /** The shortest text that names a node in an address. */
    key(node) {
      const iri = this.told.nodes.id[node];
      return iri.startsWith(this.told.base) ? iri.slice(this.told.base.length) : iri;
    }

    find(key) {
      const whole = this.told.nodes.id.indexOf(this.told.base + key);
      return whole >= 0 ? whole : this.told.nodes.id.indexOf(key);
    }

    /** The nodes whose name has a text, those that begin with it first. */
    search(text, most) {
      const wanted = text.trim().toLowerCase();
      if (!wanted) return [];
      const found = [];
      for (let node = 0; node < this.count; node++) {
        const at = [this.label(node), this.alias(node)].map((name) => name.toLowerCase().indexOf(wanted));
        const first = Math.min(...at.map((place) => (place < 0 ? Infinity : place)));
        if (first < Infinity) found.push([first, -this.incident[node].length, node]);
      }
      found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
      return found.slice(0, most).map((each) => each[2]);
    }
  };

  view.number = function (value) {
    if (value === null || value === undefined) return "–";
    return Number.isInteger(value) ? String(value) : String(Math.round(value * 1000) / 1000);
  };

  view.fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  /** Make an element: a tag, its attributes, and texts or elements in it. */
  view.make = function (tag, attributes, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...inside);
    return made;
  };

  view.link = (address, text) => (address ? view.make("a", { href: address }, text) : document.createTextNode(text));
})();

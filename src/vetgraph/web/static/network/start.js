/* Bring the view to life: read the network, make the picture, and bind what people press. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;

  class View {
    constructor(root, data, words) {
      Object.assign(this, { root, data, words });
      this.find = (selector) => root.querySelector(selector);
      this.look = new view.Look(data, words);
      const read = view.read(location.hash, this.look, data);
      this.state = read.state;
      root.hidden = false;
      this.stage = new view.Stage(this.find(".network-stage"), data, this.look, this.state);
      this.renderer = this.stage.renderer;
      if (read.camera) this.renderer.getCamera().setState({ ...read.camera, angle: 0 });
      this.controls();
      this.listen();
      this.follow();
      if (this.state.node >= 0) {
        this.card();
        if (!read.camera) this.stage.goto(this.state.node, this.covered());
      }
    }

    controls() {
      const form = this.find(".network-controls");
      const option = ([value, text]) => view.make("option", { value }, text);
      form.elements.colour.append(...this.look.colours.map(option));
      form.elements.size.append(...this.look.sizes.map(option));
      const { weights } = this.data;
      if (weights.length > 1) {
        this.find(".network-least").hidden = false;
        Object.assign(form.elements.weight, { min: 0, max: Math.min(weights.length - 1, 200), step: 1 });
      }
      const relations = this.data.told.lists.relation;
      if (relations.length > 1) {
        const set = form.querySelector("fieldset");
        set.hidden = false;
        relations.forEach((relation, number) => {
          const box = view.make("input", { type: "checkbox", value: String(number) });
          const swatch = view.make("span", { class: "network-swatch line", "data-relation": String(number) });
          set.append(view.make("label", {}, box, swatch, this.data.text(relation) || this.words["network-unknown"]));
        });
      }
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", () => this.changed(form));
      this.settle();
    }

    /** The weight that a place of the slider means. */
    weightAt(place) {
      const { weights } = this.data;
      const last = Math.min(weights.length - 1, 200);
      return last ? weights[Math.round((place / last) * (weights.length - 1))] : weights[0];
    }

    /** Set the controls as the state is. */
    settle() {
      const form = this.find(".network-controls");
      form.elements.colour.value = this.state.colour;
      form.elements.size.value = this.state.size;
      const { weights } = this.data;
      const last = Math.min(weights.length - 1, 200);
      const at = weights.findIndex((weight) => weight >= this.state.weight);
      if (last) form.elements.weight.value = String(Math.round((Math.max(at, 0) / (weights.length - 1)) * last));
      form.querySelector("output").textContent = view.number(this.state.weight);
      for (const box of form.querySelectorAll("fieldset input")) box.checked = !this.state.without.has(Number(box.value));
    }

    changed(form) {
      const { state } = this;
      const repaint = state.colour !== form.elements.colour.value || state.size !== form.elements.size.value;
      state.colour = form.elements.colour.value;
      state.size = form.elements.size.value;
      if (this.data.weights.length > 1) state.weight = this.weightAt(Number(form.elements.weight.value));
      form.querySelector("output").textContent = view.number(state.weight);
      state.without.clear();
      for (const box of form.querySelectorAll("fieldset input")) if (!box.checked) state.without.add(Number(box.value));
      if (repaint) this.stage.redraw();
      else this.stage.refilter();
      this.follow();
    }

    /** Legend, status, card, table and address follow the picture. */
    follow() {
      const { make } = view;
      this.find(".network-legend").replaceChildren(
        ...this.stage.legend.map(([colour, name, count]) => {
          const swatch = make("span", { class: "network-swatch" });
          swatch.style.background = colour;
          return make("li", {}, swatch, `${name} (${count})`);
        }),
      );
      for (const swatch of this.root.querySelectorAll("[data-relation]")) {
        swatch.style.background = this.look.tie(Number(swatch.dataset.relation), this.stage.theme);
      }
      const told = view.fill(this.words["network-shown"], { nodes: this.stage.shownNodes, ties: this.stage.shownTies });
      const all = view.fill(this.words["network-of"], { nodes: this.data.count, ties: this.data.ties });
      this.find(".network-told").textContent = this.stage.shownTies === this.data.ties ? told : `${told} ${all}`;
      if (this.state.node >= 0 && !this.find(".network-card").hidden) this.card();
      const table = document.getElementById("network-ties");
      view.table(table, document.querySelector(".network-rows"), this.data, this.words, this.state, this.stage.shown);
      this.remember();
    }

    remember() {
      clearTimeout(this.later);
      this.later = setTimeout(() => {
        const told = view.written(this.state, this.renderer.getCamera().getState(), this.look, this.data);
        if (told !== location.hash.replace(/^#/, "")) {
          history.replaceState(null, "", told ? `#${told}` : location.pathname + location.search);
        }
      }, 200);
    }

    choose(node, { move = true, focus = false } = {}) {
      this.state.node = node;
      this.stage.refilter();
      if (node >= 0) {
        this.card();
        if (move) this.stage.goto(node, this.covered());
        if (focus) this.find(".network-card").focus({ preventScroll: false });
      } else {
        this.find(".network-card").hidden = true;
      }
      this.follow();
    }

    /** How many pixels of the picture the card covers, at its right. */
    covered() {
      const card = this.find(".network-card");
      return getComputedStyle(card).position === "absolute" ? card.offsetWidth : 0;
    }

    card() {
      view.card(this.find(".network-card"), this.data, this.words, this.state.node, this.stage.shown, {
        choose: (node) => this.choose(node, { focus: true }),
        close: () => this.leave(),
      });
    }

    leave() {
      this.choose(-1);
      this.find(".network-stage").focus({ preventScroll: true });
    }

    listen() {
      const { stage } = this;
      this.renderer.on("clickNode", ({ node }) => this.choose(Number(node), { move: false }));
      this.renderer.on("clickStage", () => this.state.node >= 0 && this.choose(-1));
      this.renderer.getCamera().on("updated", () => this.remember());
      view.finder(this.find("#network-find"), this.find("#network-found"), this.data, (node) => this.choose(node));
      const fold = this.find(".network-fold");
      fold.addEventListener("click", () => {
        const open = this.find(".network-controls").classList.toggle("open");
        fold.setAttribute("aria-expanded", String(open));
      });
      for (const button of this.root.querySelectorAll("[data-do]")) {
        button.addEventListener("click", () => this.act(button.dataset.do, button));
      }
      this.find(".network-stage").addEventListener("keydown", (event) => this.key(event));
      this.find(".network-card").addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
      window.addEventListener("hashchange", () => this.restore());
      window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        stage.redraw();
        this.follow();
      });
      document.addEventListener("fullscreenchange", () => this.renderer.resize() && stage.renderer.refresh());
    }

    restore() {
      const read = view.read(location.hash, this.look, this.data);
      Object.assign(this.state, read.state);
      this.settle();
      this.stage.redraw();
      this.renderer.getCamera().setState(read.camera ? { ...read.camera, angle: 0 } : { x: 0.5, y: 0.5, ratio: 1, angle: 0 });
      this.choose(this.state.node, { move: !read.camera });
    }

    act(what, button) {
      if (what === "full") {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.root.requestFullscreen();
      } else if (what === "reset") {
        Object.assign(this.state, view.beginning(this.look, this.data));
        this.settle();
        this.stage.redraw();
        this.stage.zoom("fit");
        this.choose(-1);
      } else if (what === "link") {
        this.share(button);
      } else {
        this.stage.zoom(what);
      }
    }

    async share(button) {
      const told = view.written(this.state, this.renderer.getCamera().getState(), this.look, this.data);
      history.replaceState(null, "", told ? `#${told}` : location.pathname + location.search);
      try {
        await navigator.clipboard.writeText(location.href);
        this.find(".network-told").textContent = this.words["network-copied"];
      } catch {
        this.find(".network-told").textContent = location.href;  // there is no clipboard without HTTPS
      }
      button.focus();
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const zooms = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit" };
      if (ways[event.key]) this.stage.move(...ways[event.key]);
      else if (zooms[event.key]) this.stage.zoom(zooms[event.key]);
      else if (event.key === "Enter") this.choose(this.stage.nearest(), { focus: true });
      else if (event.key === "Escape" && this.state.node >= 0) this.choose(-1);
      else return;
      event.preventDefault();
    }
  }

  /** Load a script; several keep their order. */
  function load(source) {
    return new Promise((resolve, reject) => {
      const made = Object.assign(document.createElement("script"), { src: source, async: false, onload: resolve });
      made.onerror = () => reject(new Error(source));
      document.head.append(made);
    });
  }

  async function start() {
    const root = document.getElementById("network");
    if (!root) return;
    const words = JSON.parse(root.dataset.words);
    const drawing = document.querySelector(".network-drawing");
    const still = (message) => {
      if (drawing) {
        drawing.hidden = false;
        drawing.classList.add("wanted");
        drawing.before(view.make("p", { class: "note", role: "status" }, message));
      }
      root.hidden = true;
    };
    if (!view.webgl()) return still(words["network-no-webgl"]);  // where sigma.js would not even load
    root.hidden = false;
    if (drawing) drawing.hidden = true;
    const loaded = Promise.all(JSON.parse(root.dataset.scripts || "[]").map(load));
    try {
      const own = document.getElementById("network-data");
      const told = own ? JSON.parse(own.textContent) : await (await fetch(root.dataset.view)).json();
      if (told.error) throw new Error(told.error.detail);
      await document.fonts.ready;
      await loaded;
      window.vetgraphView = new View(root, new view.Data(told, root.dataset.lang, root.dataset.root), words);
      root.dataset.ready = "yes";
    } catch (error) {
      still(`${words["network-failed"]} ${error.message}`);
      throw error;
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

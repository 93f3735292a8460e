/* The picture itself: sigma.js over a graphology graph, with what is shown, lit and chosen told by a state. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;
  const LARGE = 8000;
  const BEND = 0.22;
  const PADDING = 56;

  view.webgl = function () {
    try {
      const canvas = document.createElement("canvas");
      return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch {
      return false;
    }
  };

  /** Ties of a pair stand beside each other; the number of each tie's bend, 0 for a straight one. */
  function bends(data) {
    const { source, target } = data.told.ties;
    const pairs = new Map();
    const key = (tie) => Math.min(source[tie], target[tie]) * data.count + Math.max(source[tie], target[tie]);
    for (let tie = 0; tie < data.ties; tie++) {
      if (!pairs.has(key(tie))) pairs.set(key(tie), []);
      pairs.get(key(tie)).push(tie);
    }
    const found = new Float32Array(data.ties);
    for (const ties of pairs.values()) {
      ties.forEach((tie, number) => {
        const bend = (number - (ties.length - 1) / 2) * BEND;
        found[tie] = source[tie] <= target[tie] ? bend : -bend;
      });
    }
    return found;
  }

  view.Stage = class {
    constructor(place, data, look, state) {
      Object.assign(this, { place, data, look, state });
      this.hovered = -1;
      this.theme = look.theme();
      this.bends = bends(data);
      this.large = data.ties > LARGE;
      this.fill();
      this.paint();
      this.renderer = new window.Sigma(this.graph, place, this.settings());
      this.marks();
      this.labels = new view.Labels(this);
      this.listen();
      this.renderer.refresh();
    }

    fill() {
      const { nodes, ties } = this.data.told;
      this.graph = new window.graphology.Graph({ type: "directed", multi: true, allowSelfLoops: true });
      for (let node = 0; node < this.data.count; node++) {
        this.graph.addNode(String(node), { x: nodes.x[node], y: -nodes.y[node] });
      }
      for (let tie = 0; tie < this.data.ties; tie++) {
        this.graph.addDirectedEdgeWithKey(`t${tie}`, String(ties.source[tie]), String(ties.target[tie]), {
          size: this.look.width(ties.weight[tie]), curvature: this.bends[tie], type: this.type(tie),
        });
      }
    }

    type(tie) {
      if (this.bends[tie]) return "curved";
      if (this.data.told.directed && !this.large) return "arrow";
      return this.large ? "thin" : "line";
    }

    /** Take colours and sizes from the state. */
    paint() {
      this.theme = this.look.theme();
      const painted = this.look.painted(this.state.colour, this.theme);
      const sizes = this.look.sized(this.state.size, this.unit());
      this.ranked = [...sizes.keys()].sort((one, other) => sizes[other] - sizes[one] || one - other);
      this.graph.updateEachNodeAttributes((key, attributes) => {
        attributes.color = painted.colours[key];
        attributes.size = sizes[key];
        return attributes;
      }, { attributes: ["color", "size"] });
      this.graph.updateEachEdgeAttributes((key, attributes) => {
        attributes.color = this.look.tie(this.data.told.ties.relation[key.slice(1)], this.theme);
        return attributes;
      }, { attributes: ["color"] });
      this.legend = painted.legend;
      this.filter();
    }

    /** Pixels for the length of a tie when all is shown. */
    unit() {
      const { x, y } = this.data.told.nodes;
      const span = (values) => values.reduce((most, each) => Math.max(most, each), -Infinity) - values.reduce((least, each) => Math.min(least, each), Infinity);
      const { clientWidth, clientHeight } = this.place;
      return Math.min((clientWidth - 2 * PADDING) / (span(x) || 1), (clientHeight - 2 * PADDING) / (span(y) || 1));
    }

    /** Find the ties and nodes that the filters leave. */
    filter() {
      const { relation, weight, source, target } = this.data.told.ties;
      this.shown = new Uint8Array(this.data.ties);
      this.tied = new Uint8Array(this.data.count);
      this.shownTies = 0;
      for (let tie = 0; tie < this.data.ties; tie++) {
        if (weight[tie] < this.state.weight || this.state.without.has(relation[tie])) continue;
        this.shown[tie] = 1;
        this.shownTies++;
        this.tied[source[tie]] = this.tied[target[tie]] = 1;
      }
      if (this.state.node >= 0) this.tied[this.state.node] = 1;
      this.shownNodes = this.tied.reduce((sum, each) => sum + each, 0);
      this.near();
    }

    /** Find what is lit: the hovered or chosen node with its neighbours. */
    near() {
      this.focus = this.hovered >= 0 ? this.hovered : this.state.node;
      this.lit = null;
      if (this.focus < 0) return;
      this.lit = new Set([this.focus]);
      for (const tie of this.data.incident[this.focus]) if (this.shown[tie]) this.lit.add(this.data.other(tie, this.focus));
    }

    settings() {
      const { rendering } = window.Sigma;
      return {
        allowInvalidContainer: true,
        defaultEdgeType: "line",
        edgeProgramClasses: {
          line: rendering.EdgeRectangleProgram, thin: rendering.EdgeLineProgram, arrow: rendering.EdgeArrowProgram,
          curved: rendering.EdgeCurveProgram,
        },
        renderLabels: false,  // labels.js writes them
        hideEdgesOnMove: this.data.ties > 20000,
        stagePadding: PADDING,
        minCameraRatio: 0.01,
        maxCameraRatio: 4,
        zIndex: true,
        minEdgeThickness: this.large ? 0.5 : 1.2,
        nodeReducer: (key, told) => this.node(Number(key), told),
        edgeReducer: (key, told) => this.tie(Number(key.slice(1)), told),
        defaultDrawNodeHover: () => {},
      };
    }

    node(node, told) {
      if (!this.tied[node]) return { ...told, hidden: true };
      if (!this.lit) return told;
      if (!this.lit.has(node)) return { ...told, color: this.theme.dim, zIndex: 0 };
      return { ...told, zIndex: 1 };
    }

    tie(tie, told) {
      if (!this.shown[tie]) return { ...told, hidden: true };
      if (!this.lit) return told;
      const { source, target } = this.data.told.ties;
      if (source[tie] === this.focus || target[tie] === this.focus) return { ...told, size: told.size + 0.6, zIndex: 1 };
      return this.large ? { ...told, hidden: true } : { ...told, color: this.theme.dimTie, zIndex: 0 };
    }

    /** A layer for what the programs of sigma do not draw: loops, and the points of bent ties. */
    marks() {
      const { source, target } = this.data.told.ties;
      this.marked = [];
      for (let tie = 0; tie < this.data.ties; tie++) {
        if (source[tie] === target[tie] || (this.data.told.directed && this.bends[tie])) this.marked.push(tie);
      }
      if (!this.marked.length || this.large) return;
      const layer = document.createElement("canvas");
      layer.className = "network-marks";
      Object.assign(layer.style, { position: "absolute", left: "0", top: "0", pointerEvents: "none" });
      this.place.insertBefore(layer, this.place.querySelector(".sigma-nodes"));
      this.renderer.on("afterRender", () => this.mark(layer));
    }

    mark(layer) {
      const { width, height } = this.renderer.getDimensions();
      const context = view.canvas(layer, width, height);
      for (const tie of this.marked) if (this.shown[tie]) this.markTie(context, tie);
    }

    markTie(context, tie) {
      const { source, target } = this.data.told.ties;
      const key = `t${tie}`;
      const told = this.renderer.getEdgeDisplayData(key);
      const at = (node) => this.renderer.graphToViewport(this.graph.getNodeAttributes(String(node)));
      const [from, to] = [at(source[tie]), at(target[tie])];
      const radius = this.renderer.scaleSize(this.graph.getNodeAttribute(String(target[tie]), "size"));
      context.strokeStyle = context.fillStyle = told ? told.color : this.theme.none;
      context.lineWidth = 1.5;
      context.beginPath();
      if (source[tie] === target[tie]) {
        context.arc(from.x, from.y - radius - 7, 9, 0, Math.PI * 2);
        context.stroke();
        return;
      }
      const bend = this.bends[tie];  // as in sigma's own program: the control point stands off by bend × length
      const turn = { x: (from.x + to.x) / 2 - (to.y - from.y) * -bend, y: (from.y + to.y) / 2 + (to.x - from.x) * -bend };
      const angle = Math.atan2(to.y - turn.y, to.x - turn.x);
      const tip = { x: to.x - Math.cos(angle) * (radius + 1), y: to.y - Math.sin(angle) * (radius + 1) };
      context.moveTo(tip.x, tip.y);
      context.lineTo(tip.x - 9 * Math.cos(angle - 0.4), tip.y - 9 * Math.sin(angle - 0.4));
      context.lineTo(tip.x - 9 * Math.cos(angle + 0.4), tip.y - 9 * Math.sin(angle + 0.4));
      context.fill();
    }

    listen() {
      this.renderer.on("enterNode", ({ node }) => this.hover(Number(node)));
      this.renderer.on("leaveNode", () => this.hover(-1));
      let width = this.place.clientWidth;
      this.renderer.on("resize", () => {
        if (width === this.place.clientWidth) return;
        width = this.place.clientWidth;
        setTimeout(() => this.redraw());
      });
    }

    hover(node) {
      this.hovered = node;
      this.place.style.cursor = node >= 0 ? "pointer" : "";
      this.place.dataset.lit = "";
      this.near();
      if (this.lit) this.place.dataset.lit = String(this.lit.size);
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => this.renderer.refresh({ skipIndexation: true }));
    }

    /** Draw again after the state has changed. */
    redraw() {
      this.paint();
      this.renderer.refresh({ skipIndexation: false });
    }

    /** Draw again after only the filters or the chosen node have changed. */
    refilter() {
      this.filter();
      this.place.dataset.lit = this.lit ? String(this.lit.size) : "";
      this.renderer.refresh({ skipIndexation: true });
    }

    duration() {
      return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300;
    }

    /** Bring a node into the middle of what no card covers. */
    goto(node, covered = 0) {
      const told = this.renderer.getNodeDisplayData(String(node));
      if (!told) return;
      const camera = this.renderer.getCamera();
      const ratio = Math.min(camera.ratio, 0.6);
      const [from, to] = [0, covered / 2].map((x) => this.renderer.viewportToFramedGraph({ x, y: 0 }).x);
      camera.animate({ x: told.x + ((to - from) * ratio) / camera.ratio, y: told.y, ratio }, { duration: this.duration() });
    }

    /** The shown node that stands nearest to the middle of the picture. */
    nearest() {
      const camera = this.renderer.getCamera();
      let best = -1, least = Infinity;
      for (let node = 0; node < this.data.count; node++) {
        if (!this.tied[node]) continue;
        const told = this.renderer.getNodeDisplayData(String(node));
        const far = (told.x - camera.x) ** 2 + (told.y - camera.y) ** 2;
        if (far < least) [best, least] = [node, far];
      }
      return best;
    }

    move(across, down) {
      const camera = this.renderer.getCamera();
      const step = 0.12 * camera.ratio;
      camera.animate({ x: camera.x + across * step, y: camera.y + down * step }, { duration: this.duration() / 2 });
    }

    zoom(way) {
      const camera = this.renderer.getCamera();
      const options = { duration: this.duration(), factor: 1.6 };
      if (way === "in") camera.animatedZoom(options);
      else if (way === "out") camera.animatedUnzoom(options);
      else camera.animatedReset(options);
    }
  };
})();

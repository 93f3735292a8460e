/* The names in the picture: of the larger nodes first, each where it covers no other; more of them as one comes near. */
"use strict";
(function () {
  const view = window.vetgraphNetwork;
  const FONT = '"Noto Sans SC", system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
  const SIZE = 13;
  const HIGH = 17;
  const CELL = 64;
  const MOST = 220;
  const TRIED = 2500;
  const WRAP = 150;

  /** Boxes in cells, so that only the near ones are looked at. */
  class Taken {
    constructor() {
      this.cells = new Map();
    }

    each(box, act) {
      for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x++) {
        for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y++) if (act(x * 65536 + y)) return true;
      }
      return false;
    }

    add(box) {
      this.each(box, (cell) => {
        if (!this.cells.has(cell)) this.cells.set(cell, []);
        this.cells.get(cell).push(box);
        return false;
      });
    }

    hit(box, own) {
      return this.each(box, (cell) =>
        (this.cells.get(cell) || []).some(
          (other) => other !== own && box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1],
        ),
      );
    }
  }

  /** Break a name in two where it is long: Chinese anywhere, other writing between words. */
  function broken(context, text) {
    const wide = context.measureText(text).width;
    if (wide <= WRAP) return [[text], wide];
    const parts = text.match(/[A-Za-z0-9À-ɏ][^\s一-鿿]*\s*|[\s\S]/g);
    let line = "";
    while (parts.length && context.measureText(line + parts[0]).width <= wide * 0.56) line += parts.shift();
    const lines = [line.trim(), parts.join("").trim()].filter(Boolean);
    return [lines, Math.max(...lines.map((each) => context.measureText(each).width))];
  }

  view.Labels = class {
    constructor(stage) {
      this.stage = stage;
      this.layer = document.createElement("canvas");
      this.layer.className = "network-names";
      Object.assign(this.layer.style, { position: "absolute", left: "0", top: "0", pointerEvents: "none" });
      stage.place.insertBefore(this.layer, stage.place.querySelector(".sigma-mouse"));
      this.broken = new Map();
      stage.renderer.on("afterRender", () => this.draw());
    }

    draw() {
      const { stage } = this;
      const { width, height } = stage.renderer.getDimensions();
      Object.assign(this, { width, height });
      const context = view.canvas(this.layer, width, height);
      context.font = `${SIZE}px ${FONT}`;
      context.textAlign = "center";
      context.lineJoin = "round";
      const seen = this.seen(width, height);
      const taken = new Taken();
      if (seen.length <= 1500) seen.forEach((each) => taken.add(each.box));
      let drawn = 0;
      let tried = 0;
      for (const each of seen) {
        if (drawn >= MOST || tried++ >= TRIED) break;
        if (this.write(context, each, taken)) drawn++;
      }
      stage.place.dataset.names = String(drawn);
    }

    /** The nodes inside the picture, those whose name matters most first. */
    seen(width, height) {
      const { stage } = this;
      const found = [];
      for (const node of stage.ranked) {
        if (!stage.tied[node] || (stage.lit && !stage.lit.has(node))) continue;
        const told = stage.renderer.getNodeDisplayData(String(node));
        const { x, y } = stage.renderer.framedGraphToViewport(told);
        if (x < -40 || y < -40 || x > width + 40 || y > height + 40) continue;
        const radius = stage.renderer.scaleSize(told.size);
        const strong = node === stage.focus || node === stage.state.node;
        const each = { node, x, y, radius, strong, box: [x - radius, y - radius, x + radius, y + radius] };
        if (strong) found.unshift(each);
        else found.push(each);
        if (found.length > TRIED) break;
      }
      return found;
    }

    write(context, each, taken) {
      const { stage } = this;
      if (!this.broken.has(each.node)) this.broken.set(each.node, broken(context, stage.data.label(each.node)));
      const [lines, wide] = this.broken.get(each.node);
      const high = lines.length * HIGH;
      const gap = each.radius + 3;
      const tries = [
        [each.x, each.y + gap], [each.x, each.y - gap - high],
        [each.x + gap + wide / 2, each.y - high / 2], [each.x - gap - wide / 2, each.y - high / 2],
      ];
      const boxes = tries.map(([x, y]) => [x - wide / 2 - 1, y, x + wide / 2 + 1, y + high]);
      const inside = (box) => box[0] >= 0 && box[1] >= 0 && box[2] <= this.width && box[3] <= this.height;
      let at = boxes.findIndex((box) => inside(box) && !taken.hit(box, each.box));
      if (at < 0 && !each.strong) return false;
      at = Math.max(at, 0);
      taken.add(boxes[at]);
      if (each.strong) this.ring(context, each);
      context.lineWidth = 4;
      context.strokeStyle = stage.theme.panel;
      context.fillStyle = stage.theme.ink;
      lines.forEach((line, number) => {
        const y = tries[at][1] + number * HIGH + 13;
        context.strokeText(line, tries[at][0], y);
        context.fillText(line, tries[at][0], y);
      });
      return true;
    }

    ring(context, each) {
      context.beginPath();
      context.arc(each.x, each.y, each.radius + 2.5, 0, Math.PI * 2);
      context.lineWidth = 2.5;
      context.strokeStyle = this.stage.theme.mark;
      context.stroke();
    }
  };

  /** Make a canvas as large as the picture, sharp on dense screens, and empty. */
  view.canvas = function (layer, width, height) {
    const ratio = window.devicePixelRatio || 1;
    if (layer.width !== Math.round(width * ratio) || layer.height !== Math.round(height * ratio)) {
      layer.width = Math.round(width * ratio);
      layer.height = Math.round(height * ratio);
      layer.style.width = `${width}px`;
      layer.style.height = `${height}px`;
    }
    const context = layer.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  };
})();

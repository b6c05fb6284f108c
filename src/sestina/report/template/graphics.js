// The drawings on the four cards.

import { boxAt } from "./boxes.js";
import { byId, clock, colours, cuts, doc, plain, titleOf, trackOf } from "./data.js";
import { el, svg } from "./dom.js";
import { clockText } from "./format.js";
import { number } from "./numbers.js";
import { choose } from "./gestures.js";
import { seek } from "./monitor.js";
import { picture } from "./pictures.js";
import { columnsOf, pathOf } from "./plot.js";

// The first seconds as five pictures over a rule with a mark for everything that happens first.
export function openingRule(card) {
  const length = card.opening_s || 1;
  const tall = doc.media.video && doc.media.video.width < doc.media.video.height;
  const count = tall ? 8 : 5;
  const stills = Array.from({ length: count }, (_, i) => picture(clock.start + (length * (i + 0.5)) / count));
  const left = (time) => `${Math.max(0, Math.min(100, (100 * time) / length))}%`;
  const marks = card.marks.filter((mark) => mark.at <= length);
  const lanes = [];
  // Later marks stand higher, so that no line runs through a word to its right.
  const nodes = marks.reverse().map((mark) => {
    let lane = lanes.findIndex((next) => next >= mark.at + length * 0.17);
    if (lane < 0) lane = lanes.push(0) - 1;
    lanes[lane] = mark.at;
    const style = { left: left(mark.at), "--lane": lane };
    const side = mark.at > length * 0.8 ? " end" : "";
    const title = `first ${mark.name} at ${clockText(mark.at, 2)}`;
    const press = () => choose(byId.get(mark.unit));
    return el("button", { type: "button", class: `mark${side}`, style, onclick: press, title }, mark.name);
  });
  const [from, to] = card.span ?? [0, 0];
  const span =
    card.span && el("i", { class: "hook-span", style: { left: left(from - clock.start), width: left(to - from) } });
  return el(
    "div",
    { class: "opening-rule" },
    el("div", { class: "film", style: { "--cell": tall ? "9 / 14" : "16 / 10" } }, stills, span),
    el("div", { class: "marks", style: { "--lanes": Math.max(1, lanes.length) } }, nodes),
    el("div", { class: "ends" }, el("span", {}, "0 s"), el("span", {}, `${number(length)} s`)),
  );
}

export function countBars(rows, hue, press) {
  const most = Math.max(...rows.map((row) => row.count), 1);
  return el(
    "ul",
    { class: "bars", style: { "--hue": hue } },
    rows.map((row) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", onclick: () => press(row), title: `${plain(row.label)}: ${row.count}` },
          el("span", {}, plain(row.label)),
          el("i", { style: { "--share": row.count / most } }),
          el("b", {}, String(row.count)),
        ),
      ),
    ),
  );
}

export function cutPair(example) {
  return el(
    "button",
    { type: "button", class: "cut-pair", onclick: () => choose(byId.get(example.unit)) },
    el(
      "span",
      { class: "pair" },
      example.pair.map((time) => picture(time)),
    ),
    el("span", { class: "caption" }, el("b", {}, plain(example.label ?? "cut")), ` ${clockText(example.pair[1], 2)}`),
  );
}

// The tension curve over the whole video, cuts as hairlines, peaks as dots that can be pressed.
export function tensionChart(card) {
  const track = trackOf("tension.curve");
  if (!track) return null;
  const [width, height] = [480, 128];
  const length = clock.end - clock.start || 1;
  const x = (time) => ((time - clock.start) / length) * width;
  const high = Math.max(track.hi, ...card.peaks.map((peak) => peak.value ?? 0)) || 1;
  const low = Math.min(track.lo, high * 0.5);
  const y = (value) => height - 6 - ((value - low) / (high - low || 1)) * (height - 26);
  const points = columnsOf(track, clock.start, clock.end, width).filter((point) => !Number.isNaN(point[1]));
  if (!points.length) return null;
  const line = pathOf(points, x, y);
  const area = `${line}L${x(points[points.length - 1][0])} ${height}L${x(points[0][0])} ${height}Z`;
  const lines = cuts.map((cut) =>
    svg("line", { x1: x(cut.start), x2: x(cut.start), y1: 14, y2: height, class: "hair" }),
  );
  const dots = card.peaks.map((peak, rank) => ({ peak, x: x(peak.at), y: y(peak.value ?? low), rank }));
  const chart = svg(
    "svg",
    {
      class: "tension",
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": "Tension over time",
    },
    lines,
    svg("path", { d: area, fill: colours.narrative, opacity: 0.18 }),
    svg("path", {
      d: line,
      fill: "none",
      stroke: colours.narrative,
      "stroke-width": 2,
      "vector-effect": "non-scaling-stroke",
    }),
  );
  chart.addEventListener("click", (event) => {
    const box = chart.getBoundingClientRect();
    seek(clock.start + ((event.clientX - box.left) / box.width) * length);
  });
  const side = (dot) => (dot.x < 24 ? " first" : dot.x > width - 24 ? " last" : "");
  const place = (dot) => ({ left: `${(100 * dot.x) / width}%`, top: `${(100 * dot.y) / height}%` });
  const buttons = dots.map((dot) => {
    const when = clockText(dot.peak.at, 1);
    const look = { class: `peak rank-${Math.min(dot.rank, 3)}${side(dot)}`, style: place(dot) };
    const press = () => choose(byId.get(dot.peak.unit));
    const name = dot.rank < 3 && el("span", {}, when);
    return el("button", { type: "button", ...look, "aria-label": `Peak at ${when}`, onclick: press }, name);
  });
  return el("div", { class: "tension-box" }, chart, buttons);
}

export function shotTension(card) {
  if (!card.shots.length) return null;
  const levels = ["release", "low", "medium", "high", "peak"];
  const length = clock.end - clock.start || 1;
  const cells = card.shots.map((shot) =>
    el("button", {
      type: "button",
      class: "shot-level",
      title: `${clockText(shot.span[0], 2)}: ${shot.label ?? "no decision"}`,
      "aria-label": `Shot at ${clockText(shot.span[0], 2)}: ${shot.label ?? "no decision"}`,
      style: {
        flex: String((shot.span[1] - shot.span[0]) / length),
        "--level": Math.max(0, levels.indexOf(shot.label)) / 4,
      },
      onclick: () => choose(byId.get(shot.unit)),
    }),
  );
  return el("div", { class: "shot-levels" }, cells);
}

// The frame's shape with every overlay in its place: the packaging at one glance.
export function overlayMap(card) {
  const video = doc.media.video;
  const [width, height] = video ? [video.width, video.height] : [16, 9];
  const size = 1000 / Math.max(width, height);
  const [w, h] = [width * size, height * size];
  const shapes = card.boxes.map(({ unit: id }) => {
    const unit = byId.get(id);
    const box = boxAt(unit.region, (unit.start + unit.end) / 2);
    const place = { x: box.x * w, y: box.y * h, width: Math.max(8, box.w * w), height: Math.max(8, box.h * h) };
    const name = titleOf(unit);
    const part = { class: "overlay-box", tabindex: 0, role: "button", "aria-label": name };
    const node = svg("rect", { ...place, ...part }, svg("title", {}, name));
    node.addEventListener("click", () => choose(unit));
    node.addEventListener("keydown", (event) => event.key === "Enter" && choose(unit));
    return node;
  });
  const thirds = [1, 2].map((n) => [
    svg("line", { x1: (w * n) / 3, x2: (w * n) / 3, y1: 0, y2: h, class: "third" }),
    svg("line", { x1: 0, x2: w, y1: (h * n) / 3, y2: (h * n) / 3, class: "third" }),
  ]);
  return svg(
    "svg",
    {
      class: `overlay-map ${width < height ? "tall" : "wide"}`,
      viewBox: `-4 -4 ${w + 8} ${h + 8}`,
      style: { "--hue": colours.dissemination },
      role: "group",
      "aria-label": "Where overlays stand in the frame",
    },
    svg("rect", { x: 0, y: 0, width: w, height: h, rx: 14, class: "glass" }),
    thirds,
    shapes,
  );
}

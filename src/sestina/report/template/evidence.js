// Evidence made visible: numbers as plots, frames as pictures, quotes with their box, other units as links.

import { boxesOf } from "./boxes.js";
import { byId, colours, doc, facetOf, titleOf, trackOf } from "./data.js";
import { el } from "./dom.js";
import { clockText, frameText } from "./format.js";
import { number, withUnit } from "./numbers.js";
import { choose } from "./gestures.js";
import { pause, seek } from "./monitor.js";
import { picture } from "./pictures.js";
import { metricPlot } from "./plot.js";

const NAMES = {
  metric: "Measured",
  frame: "Frame",
  frame_pair: "Two frames",
  span: "Stretch",
  region: "Place in the picture",
  ocr: "Read on screen",
  asr: "Heard",
  audio: "Sound",
  metadata: "File",
  context: "Supplied",
  unit: "Rests on",
};
const MANY = new Set(["frame", "unit", "region", "ocr"]);
const SIGNS = { ">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<" };

const show = {
  metric: showMetric,
  frame: (item, unit) => [shot(item.at_s, unit)],
  frame_pair: showPair,
  span: (item) => [el("p", {}, jump(item.span.start_s, item.span.end_s), item.note && ` ${item.note}`)],
  region: (item, unit) => [shot(item.at_s, unit, item.box), item.note && el("p", { class: "quiet" }, item.note)],
  ocr: (item, unit) => [
    el("blockquote", { dir: "auto" }, item.quote),
    shot(item.at_s, unit, item.box ?? unit.region?.box),
  ],
  asr: (item) => [el("blockquote", { dir: "auto" }, item.quote), el("p", {}, jump(item.span.start_s, item.span.end_s))],
  audio: (item) => [
    el("p", {}, jump(item.span.start_s, item.span.end_s), item.note && ` ${item.note}`),
    loudness(item),
  ],
  metadata: (item) => [el("p", { class: "fact" }, el("code", {}, item.key), el("b", {}, String(item.value)))],
  context: (item) => [el("p", { class: "fact" }, el("code", {}, item.key), el("b", { dir: "auto" }, item.quote))],
  unit: (item) => [unitLink(item.unit)],
};

export function evidenceList(unit) {
  const items = unit.evidence ?? [];
  if (!items.length) return el("p", { class: "quiet" }, "No evidence is cited.");
  const groups = [];
  for (const item of items) {
    const last = groups[groups.length - 1];
    if (last && last.type === item.type) last.items.push(item);
    else groups.push({ type: item.type, items: [item] });
  }
  return el(
    "ol",
    { class: "evidence" },
    groups.map((group) => entry(group, unit)),
  );
}

function entry({ type, items }, unit) {
  const content = items.map((item) => el("div", { class: "item" }, show[type]?.(item, unit) ?? [JSON.stringify(item)]));
  const many = items.length > 1 && MANY.has(type) ? " many" : "";
  return el(
    "li",
    { class: `kind-${type}` },
    el("h4", {}, NAMES[type] ?? type),
    el("div", { class: `items${many}` }, content),
  );
}

function showMetric(item, unit) {
  const track = trackOf(item.signal);
  const sign = SIGNS[item.op] ?? item.op;
  const claim = el(
    "p",
    { class: "claim" },
    el("span", {}, `${item.reduce} of `, el("code", {}, item.signal)),
    el("b", {}, withUnit(item.value, item.unit)),
    item.op !== "==" && el("span", { class: "quiet" }, `${sign} ${number(item.threshold)}`),
  );
  const missing =
    Object.keys(doc.tracks).length > 1 ? "This track is not on the page." : "The numbers are not at hand.";
  return [claim, track ? metricPlot(track, item, colours[unit.dimension]) : el("p", { class: "quiet" }, missing)];
}

function showPair(item, unit) {
  return [
    el(
      "div",
      { class: "pair" },
      item.at_s.map((time) => shot(time, unit)),
    ),
  ];
}

function shot(time, unit, box) {
  const boxes = box ? [box] : boxesOf(unit, time);
  const caption = el("span", { class: "caption" }, el("b", {}, clockText(time, 3)), ` ${frameText(time)}`);
  return el(
    "button",
    { type: "button", class: "shot", title: "Show this frame", onclick: () => (pause(), seek(time)) },
    picture(time, { boxes, colour: colours[unit.dimension] }),
    caption,
  );
}

function jump(start, end) {
  const text = start === end ? clockText(start, 3) : `${clockText(start, 3)} – ${clockText(end, 3)}`;
  return el("button", { type: "button", class: "link", onclick: () => (pause(), seek(start)) }, text);
}

function loudness(item) {
  const track = trackOf("loudness.momentary") ?? trackOf("loudness.short_term") ?? trackOf("loudness.rms");
  if (!track) return null;
  const drawn = { signal: "loudness", reduce: "", op: "==", value: NaN, threshold: NaN, span: item.span };
  return metricPlot(track, drawn, colours.aesthetics);
}

export function unitLink(id) {
  const unit = byId.get(id);
  if (!unit) return el("p", { class: "quiet" }, `${id} (not in this document)`);
  return el(
    "button",
    { type: "button", class: "unit-link", style: { "--hue": colours[unit.dimension] }, onclick: () => choose(unit) },
    el("span", {}, facetOf(unit).name),
    el("b", {}, titleOf(unit)),
    el("small", {}, clockText(unit.start, 2)),
  );
}

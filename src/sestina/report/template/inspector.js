// The inspector: what holds at the playhead, or one unit with all it rests on.

import {
  byId,
  claimOf,
  clock,
  colours,
  doc,
  facetOf,
  holdsAt,
  isInstant,
  order,
  plain,
  swatchOf,
  titleOf,
} from "./data.js";
import { button, byIdIn, el } from "./dom.js";
import { evidenceList, unitLink } from "./evidence.js";
import { clockText, frameText, spanText } from "./format.js";
import { percent, plural } from "./numbers.js";
import { choose } from "./gestures.js";
import { seek } from "./monitor.js";
import { on, select, state } from "./state.js";
import { reveal } from "./timeline.js";

const STATUS = {
  observed: "its evidence is recomputed by code",
  inferred: "a model's reading of the evidence",
  provided: "came with the video",
  human: "said by a person",
  abstain: "looked at, and left undecided",
};
const JUST_NOW_S = 0.3;
const MOST_NOW = 60;
let shown = "";

export function buildInspector() {
  on("select", render);
  on("time filter", () => state.selected || state.listed || renderNow());
  render();
  fromAddress();
  window.addEventListener("hashchange", fromAddress);
}

function render() {
  shown = "";
  const panel = byIdIn("panel");
  byIdIn("inspector").classList.toggle("open", Boolean(state.selected || state.listed));
  if (state.selected) panel.replaceChildren(...unitView(state.selected));
  else if (state.listed) panel.replaceChildren(...listView(state.listed));
  else renderNow();
  panel.scrollTop = 0;
  if (state.selected) {
    reveal(state.selected.start);
    remember(state.selected.id);
    byIdIn("announce").textContent =
      `${facetOf(state.selected).name}: ${titleOf(state.selected)}, ${spanText(state.selected)}`;
  }
}

// The unit is part of the address, so that a link can point at it.
function remember(id) {
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
}

// `#<unit>` selects a unit, `#t=3.2` goes to a moment.
function fromAddress() {
  const moment = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (moment) seek(Number(moment[1]));
  const unit = doc.units.find((candidate) => `#${encodeURIComponent(candidate.id)}` === location.hash);
  if (unit && unit !== state.selected) choose(unit);
}

function head(kind, ...extra) {
  return el("div", { class: "panel-head" }, el("span", { class: "kind" }, kind), ...extra);
}

function closer() {
  return button("Close", { glyph: "close", press: () => select(null), keys: "Esc" });
}

function unitView(unit) {
  const facet = facetOf(unit);
  const hue = { "--hue": colours[unit.dimension] };
  const neighbours = [
    button("Previous unit", { text: "←", press: () => stepUnit(-1), keys: "[" }),
    button("Next unit", { text: "→", press: () => stepUnit(1), keys: "]" }),
  ];
  neighbours.forEach((node, i) => node.setAttribute("aria-label", i ? "Next unit" : "Previous unit"));
  return [
    head(unit.dimension, el("span", { class: "group" }, neighbours, closer())),
    el("div", { class: "unit", style: hue }, title(unit, facet), facts(unit), whyNot(unit), values(unit)),
    section("Evidence", evidenceList(unit)),
    related(unit),
  ]
    .flat()
    .filter(Boolean);
}

function title(unit, facet) {
  const said = unit.text ?? (unit.facet === "edit.shot" ? titleOf(unit) : claimOf(unit));
  const meaning = facet.labels?.[unit.label];
  const swatch = swatchOf(unit);
  return [
    el("p", { class: "facet-name" }, facet.name),
    el("h2", { dir: "auto" }, swatch && el("i", { class: "swatch", style: { background: swatch } }), said),
    titleOf(unit).startsWith("“") && el("p", { class: "written", dir: "auto" }, titleOf(unit)),
    meaning && el("p", { class: "meaning" }, meaning),
    facet.definition && el("p", { class: "definition" }, meaning ? el("b", {}, "The facet. ") : "", facet.definition),
  ];
}

function facts(unit) {
  const length = unit.end - unit.start;
  const rows = [
    ["when", [spanText(unit), !isInstant(unit) && el("small", {}, `${length.toFixed(3)} s`)]],
    ["frames", clock.count ? frames(unit) : "–"],
    ["sure", unit.status === "abstain" ? "–" : [meter(unit.confidence), percent(unit.confidence)]],
    ["status", [el("b", {}, unit.status), el("small", {}, STATUS[unit.status] ?? "")]],
    ["by", unit.producer],
    ["level", unit.level],
  ];
  return el(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
}

function frames(unit) {
  const first = clock.at(unit.start);
  if (isInstant(unit)) return frameText(unit.start);
  const last = Math.max(first, clock.at(unit.end) - (clock.times[clock.at(unit.end)] >= unit.end ? 1 : 0));
  return [`${first} – ${last}`, el("small", {}, `${clock.code(first)} – ${clock.code(last)}`)];
}

function meter(share) {
  return el("span", { class: "meter", "aria-hidden": "true" }, el("i", { style: { width: `${share * 100}%` } }));
}

function whyNot(unit) {
  return unit.reason ? el("p", { class: "reason" }, el("b", {}, "Why no decision. "), unit.reason) : null;
}

function values(unit) {
  const entries = Object.entries(unit.attributes ?? {});
  if (!entries.length) return null;
  const said = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  const rows = entries.map(([name, value]) => [el("dt", {}, plain(name)), el("dd", { dir: "auto" }, said(value))]);
  return el("dl", { class: "facts more" }, rows);
}

function section(name, ...content) {
  return el("section", { class: "part" }, el("h3", {}, name), ...content);
}

function related(unit) {
  const links = unit.links ?? {};
  const whole = byId.has(unit.in) ? [unit.in] : [];
  const citing = doc.units.filter((other) =>
    (other.evidence ?? []).some((item) => item.type === "unit" && item.unit === unit.id),
  );
  const groups = [
    ["Part of", whole],
    ["Parts", unit.parts.map((part) => part.id)],
    ["Supports", links.supports ?? []],
    ["Contradicts", links.contradicts ?? []],
    ["Contains", links.children ?? []],
    ["Cited by", citing.map((other) => other.id)],
  ];
  return groups
    .filter(([, ids]) => ids.length)
    .map(([name, ids]) => section(name, el("div", { class: "links" }, ids.slice(0, 40).map(unitLink))));
}

function listView({ title: name, units }) {
  return [
    head(plural(units.length, "unit"), closer()),
    el("div", { class: "unit" }, el("h2", {}, name)),
    el(
      "div",
      { class: "links" },
      units.slice(0, 200).map((unit) => unitLink(unit.id)),
    ),
  ];
}

function renderNow() {
  const now = state.units.filter((unit) => unit.level !== "video" && unit.in === undefined && isNow(unit));
  const key = now.map((unit) => unit.number).join();
  const when = byIdIn("panel").querySelector(".now-time");
  if (when) when.textContent = clockText(state.time, 2);
  if (key === shown && when) return;
  shown = key;
  const groups = order.map((dimension) => [dimension, now.filter((unit) => unit.dimension === dimension)]);
  byIdIn("panel").replaceChildren(
    head("At the playhead", el("span", { class: "now-time" }, clockText(state.time, 2))),
    ...groups.filter(([, units]) => units.length).map(([dimension, units]) => nowGroup(dimension, units)),
    now.length ? "" : el("p", { class: "quiet pad" }, "Nothing is said about this moment."),
    el(
      "p",
      { class: "quiet pad hint" },
      "Select a unit on the timeline to see the frames, quotes and numbers it rests on.",
    ),
  );
}

function isNow(unit) {
  const passed = state.time - unit.start;
  return isInstant(unit) ? passed >= 0 && passed < JUST_NOW_S : holdsAt(unit, state.time);
}

function nowGroup(dimension, units) {
  const said = units.filter((unit) => unit.status !== "abstain");
  const rows = (said.length ? said : units)
    .slice(0, MOST_NOW)
    .map((unit) =>
      el(
        "button",
        { type: "button", class: "now", onclick: () => choose(unit) },
        el("span", {}, facetOf(unit).name),
        el(
          "b",
          { dir: "auto" },
          swatchOf(unit) && el("i", { class: "swatch", style: { background: swatchOf(unit) } }),
          titleOf(unit),
        ),
      ),
    );
  const open = units.length - said.length;
  const note = said.length && open ? el("small", {}, `${open} undecided`) : null;
  return el(
    "section",
    { class: "now-group", style: { "--hue": colours[dimension] } },
    el("h3", {}, dimension, note),
    rows,
  );
}

// The next or previous unit that passes the filters, in the document's order.
export function stepUnit(direction) {
  const units = state.units;
  if (!units.length) return;
  const place = state.selected ? units.indexOf(state.selected) : -1;
  let next = place + direction;
  if (place < 0) next = units.findIndex((unit) => unit.start >= state.time);
  if (next < 0) next = direction > 0 && place < 0 ? 0 : units.length - 1;
  choose(units[next % units.length]);
}

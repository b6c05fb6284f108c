// What changes while somebody looks: the time, the selection, the filters, the stretch of time in view.

import { clock, doc, order } from "./data.js";

const listeners = new Map();

export function on(topics, listener) {
  for (const topic of topics.split(" ")) listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function tell(topic) {
  for (const listener of listeners.get(topic) ?? []) listener();
}

export const statuses = [...new Set(doc.units.map((unit) => unit.status))].sort();

export const state = {
  time: clock.start,
  playing: false,
  selected: null,
  listed: null,
  dimensions: new Set(order),
  statuses: new Set(statuses),
  least: 0,
  words: "",
  units: doc.units,
};

export function select(unit) {
  state.selected = unit ?? null;
  state.listed = null;
  tell("select");
}

// Show several units in the inspector, to choose one from.
export function listUnits(title, units) {
  state.listed = { title, units };
  state.selected = null;
  tell("select");
}

function textOf(unit) {
  const quotes = (unit.evidence ?? []).map((item) => item.quote ?? item.signal ?? "");
  const said = [unit.facet, doc.facets[unit.facet]?.name, unit.claim, unit.label, unit.text, unit.reason, ...quotes];
  return said.filter(Boolean).join(" ").replaceAll("_", " ").toLowerCase();
}

const haystacks = new Map();

function contains(unit, words) {
  if (!haystacks.has(unit)) haystacks.set(unit, textOf(unit));
  return words.every((word) => haystacks.get(unit).includes(word));
}

export function applyFilters() {
  const words = state.words.toLowerCase().replaceAll("_", " ").split(/\s+/).filter(Boolean);
  state.units = doc.units.filter(
    (unit) =>
      state.dimensions.has(unit.dimension) &&
      state.statuses.has(unit.status) &&
      (unit.confidence >= state.least || unit.status === "abstain") &&
      (!words.length || contains(unit, words)),
  );
  tell("filter");
}

export function isFiltered() {
  return state.units.length !== doc.units.length;
}

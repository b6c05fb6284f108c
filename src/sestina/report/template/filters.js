// Filters and zoom: which units are shown, and how closely.

import { colours, doc, order } from "./data.js";
import { button, byIdIn, el } from "./dom.js";
import { percent, plural } from "./numbers.js";
import { zoomBy } from "./gestures.js";
import { narrow } from "./rows.js";
import { applyFilters, isFiltered, on, state, statuses } from "./state.js";
import { parts, setZoom } from "./timeline.js";

const ui = {};

export function buildFilters() {
  ui.chips = order.map(dimensionChip);
  ui.search = el("input", {
    type: "search",
    placeholder: "Search units",
    "aria-label": "Search units",
    spellcheck: "false",
  });
  ui.search.addEventListener("input", () => ((state.words = ui.search.value), applyFilters()));
  ui.least = el("input", {
    type: "range",
    min: "0",
    max: "1",
    step: "0.05",
    value: "0",
    "aria-label": "Least confidence",
  });
  ui.leastText = el("output", {}, "0 %");
  ui.least.addEventListener("input", () => ((state.least = Number(ui.least.value)), applyFilters()));
  ui.reset = button("Show all", { text: "Show all", kind: "quiet-button", press: reset });
  const bar = el(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Filters" },
    el("div", { class: "chips dims", role: "group", "aria-label": "Dimensions" }, ui.chips),
    el("label", { class: "least" }, el("span", {}, "sure"), ui.least, ui.leastText),
    statusMenu(),
    ui.search,
    ui.reset,
  );
  byIdIn("timeline").prepend(bar);
  (narrow() ? bar : parts.frame).append(zoomButtons());
  on("filter", show);
  show();
}

function zoomButtons() {
  return el(
    "div",
    { class: "zoom", role: "group", "aria-label": "Zoom" },
    button("Zoom out", { glyph: "minus", press: () => zoomBy(1 / 1.6), keys: "−" }),
    button("Whole video", { glyph: "fit", press: () => setZoom(1), keys: "0" }),
    button("Zoom in", { glyph: "plus", press: () => zoomBy(1.6), keys: "+" }),
  );
}

function dimensionChip(dimension) {
  const count = doc.units.filter((unit) => unit.dimension === dimension).length;
  const chip = el(
    "button",
    {
      type: "button",
      class: "dim-chip",
      "aria-pressed": "true",
      "data-dimension": dimension,
      style: { "--hue": colours[dimension] },
      title: `${plural(count, "unit")}; double-click for this one alone`,
    },
    el("i"),
    dimension,
  );
  chip.addEventListener("click", () => {
    if (!state.dimensions.delete(dimension)) state.dimensions.add(dimension);
    applyFilters();
  });
  chip.addEventListener("dblclick", () => {
    state.dimensions = new Set([dimension]);
    applyFilters();
  });
  return chip;
}

function statusMenu() {
  ui.statuses = statuses.map((status) => {
    const box = el("input", { type: "checkbox", value: status, checked: true });
    box.addEventListener("change", () => {
      if (box.checked) state.statuses.add(status);
      else state.statuses.delete(status);
      applyFilters();
    });
    return box;
  });
  ui.statusName = el("summary", {}, "status");
  const rows = ui.statuses.map((box, i) => el("label", {}, box, statuses[i]));
  return el("details", { class: "status-menu" }, ui.statusName, el("div", { class: "menu" }, rows));
}

function reset() {
  state.dimensions = new Set(order);
  state.statuses = new Set(statuses);
  [state.least, state.words] = [0, ""];
  ui.least.value = "0";
  ui.search.value = "";
  for (const box of ui.statuses) box.checked = true;
  applyFilters();
}

function show() {
  for (const chip of ui.chips) chip.setAttribute("aria-pressed", String(state.dimensions.has(chip.dataset.dimension)));
  ui.leastText.textContent = percent(state.least);
  ui.least.style.setProperty("--done", `${state.least * 100}%`);
  ui.reset.hidden = !isFiltered();
  ui.statusName.textContent =
    state.statuses.size === statuses.length ? "status" : `status: ${[...state.statuses].join(", ") || "none"}`;
  byIdIn("announce").textContent = isFiltered() ? plural(state.units.length, "unit") : "";
}

export function focusSearch() {
  ui.search.focus();
  ui.search.select();
}

// All units as a table: the accessible twin of the timeline. Rows are added as they are scrolled to.

import { colours, facetOf, titleOf } from "./data.js";
import { byIdIn, el } from "./dom.js";
import { clockText } from "./format.js";
import { percent, plural } from "./numbers.js";
import { choose } from "./gestures.js";
import { on, state } from "./state.js";

const STEP = 80;
const COLUMNS = [
  ["start", "Start", (unit) => unit.start],
  ["end", "End", (unit) => unit.end],
  ["dimension", "Dimension", (unit) => unit.dimension],
  ["facet", "Facet", (unit) => facetOf(unit).name],
  ["claim", "Says", (unit) => titleOf(unit)],
  ["confidence", "Sure", (unit) => unit.confidence],
  ["status", "Status", (unit) => unit.status],
];
const ui = {};
const sorting = { column: 0, down: false };
let units = [];
let count = 0;

export function buildList() {
  ui.count = el("span", { class: "quiet" });
  ui.heads = COLUMNS.map(([name, text], i) =>
    el("th", { scope: "col", class: `col-${name}` }, el("button", { type: "button", onclick: () => sortBy(i) }, text)),
  );
  ui.body = el("tbody");
  ui.table = el(
    "table",
    {},
    el("caption", { class: "unseen" }, "All units"),
    el("thead", {}, el("tr", {}, ui.heads)),
    ui.body,
  );
  ui.box = el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table of units" }, ui.table);
  byIdIn("list").append(el("div", { class: "section-head" }, el("h2", {}, "All units"), ui.count), ui.box);
  ui.box.addEventListener("scroll", () => ui.box.scrollTop + ui.box.clientHeight > ui.box.scrollHeight - 400 && grow());
  ui.body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row) choose(units[Number(row.dataset.place)]);
  });
  window.addEventListener("beforeprint", () => grow(units.length));
  on("filter", refresh);
  on("select", mark);
  refresh();
}

function sortBy(column) {
  sorting.down = sorting.column === column ? !sorting.down : false;
  sorting.column = column;
  refresh();
}

function refresh() {
  const key = COLUMNS[sorting.column][2];
  const sign = sorting.down ? -1 : 1;
  const compare = (a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : a.number - b.number);
  units = [...state.units].sort(compare);
  ui.heads.forEach((head, i) => {
    if (i === sorting.column) head.setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  ui.count.textContent = plural(units.length, "unit");
  ui.table.setAttribute("aria-rowcount", String(units.length + 1));
  ui.body.replaceChildren();
  count = 0;
  grow();
}

function grow(more = STEP) {
  const next = units.slice(count, count + more);
  ui.body.append(...next.map((unit, i) => rowOf(unit, count + i)));
  count += next.length;
  mark();
}

function rowOf(unit, place) {
  const open = unit.status === "abstain";
  return el(
    "tr",
    {
      "data-place": place,
      "data-unit": unit.id,
      class: open ? "undecided" : null,
      style: { "--hue": colours[unit.dimension] },
    },
    el("td", { class: "num" }, clockText(unit.start, 3)),
    el("td", { class: "num col-end" }, unit.end === unit.start ? "" : clockText(unit.end, 3)),
    el("td", { class: "dim" }, unit.dimension),
    el("td", {}, facetOf(unit).name),
    el("td", { class: "says", dir: "auto" }, el("button", { type: "button", class: "link" }, titleOf(unit))),
    el("td", { class: "num" }, open ? "" : percent(unit.confidence)),
    el("td", { class: "col-status" }, unit.status),
  );
}

function mark() {
  for (const row of ui.body.children) {
    row.setAttribute("aria-selected", String(units[Number(row.dataset.place)] === state.selected));
  }
}

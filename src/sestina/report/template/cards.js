// The four things that are easily missed, up front.

import { byId, claimOf, clock, colours, cuts, doc, plain } from "./data.js";
import { byIdIn, el, icon } from "./dom.js";
import { clockText } from "./format.js";
import { number, plural, withUnit } from "./numbers.js";
import { choose } from "./gestures.js";
import { countBars, cutPair, openingRule, overlayMap, shotTension, tensionChart } from "./graphics.js";
import { hasStills } from "./pictures.js";
import { listUnits } from "./state.js";

const MOST_ISSUES = 5;
const LEAST_STAGE = 400;
const MOST_STAGE = 680;
const CARDS = [
  ["hook", "Hook", "narrative", hookCard],
  ["cuts", "Cut rationale", "editing", cutsCard],
  ["tension", "Tension", "narrative", tensionCard],
  ["packaging", "Packaging", "dissemination", packagingCard],
];

export function buildCards() {
  const nodes = CARDS.map(([id, name, dimension, content]) => {
    const card = doc.cards[id];
    const inside = card.missing ? missing(card) : content(card);
    const units = (card.units ?? []).map((unit) => byId.get(unit)).filter(Boolean);
    const all = units.length > 0 && linkTo(plural(units.length, "unit"), name, units);
    return el(
      "section",
      {
        class: `card card-${id}${card.missing ? " lacks" : ""}`,
        "aria-label": name,
        style: { "--hue": colours[dimension] },
      },
      el("h2", { class: "card-name" }, el("span", {}, name), all),
      inside,
      card.note && el("p", { class: "quiet" }, card.note),
    );
  });
  byIdIn("cards").append(...nodes);
  // Beside a wide picture there is room below it, and a curve over time likes to be wide.
  if (byIdIn("monitor").classList.contains("wide")) byIdIn("left").append(nodes[2]);
}

// Make a tall player as tall as the cards beside it.
export function fitStage() {
  const monitor = byIdIn("monitor");
  monitor.style.removeProperty("--stage-h");
  if (!monitor.classList.contains("tall") || window.innerWidth < 1021) return;
  monitor.style.setProperty("--stage-h", `${LEAST_STAGE}px`);
  const room = byIdIn("cards").offsetHeight - monitor.lastElementChild.offsetHeight;
  monitor.style.setProperty("--stage-h", `${Math.max(LEAST_STAGE, Math.min(MOST_STAGE, room))}px`);
}

function linkTo(text, title, units) {
  return el("button", { type: "button", class: "link all", onclick: () => listUnits(title, units) }, text);
}

function headline(...content) {
  return el("p", { class: "headline" }, ...content);
}

function missing(card) {
  return [
    headline(card.missing),
    card.why.length > 0 &&
      el(
        "ul",
        { class: "why" },
        card.why.map((line) => el("li", {}, line)),
      ),
  ];
}

function press(row, title) {
  const units = row.units.map((id) => byId.get(id)).filter(Boolean);
  if (units.length === 1) choose(units[0]);
  else listUnits(title ?? plain(row.label), units);
}

function chips(items) {
  return items.map((item) =>
    el("button", { type: "button", class: "chip", onclick: () => choose(byId.get(item.unit)) }, plain(item.label)),
  );
}

function joined(labels) {
  const words = labels.map((item) => plain(item.label));
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function hookCard(card) {
  const means = [...card.tactics, ...card.devices].filter((item) => item.label !== "none");
  const ends = card.span ? ` until ${clockText(card.span[1], 1)}` : "";
  const said = means.length ? capital(joined(means.slice(0, 3))) : "No tactic was recognised";
  const figures = card.counts.map((item) =>
    el(
      "button",
      { type: "button", class: "figure", onclick: () => choose(byId.get(item.unit)) },
      el("b", {}, withUnit(item.value, item.per)),
      el("span", {}, item.name),
    ),
  );
  return [
    headline(said, means.length > 0 && ends),
    card.quote && el("blockquote", { class: "quote", dir: "auto" }, card.quote),
    openingRule(card),
    figures.length > 0 && el("div", { class: "figures" }, figures),
    means.length > 3 && el("div", { class: "chips" }, chips(means.slice(3))),
  ];
}

function cutsCard(card) {
  const reasons = card.rationales.length ? card.rationales : card.functions;
  const top = reasons[0];
  const rate = (card.cuts * 10) / (clock.end - clock.start || 1);
  const how = card.rationales.length ? "mostly for" : "mostly";
  const often =
    card.cuts > 1
      ? `${plural(card.cuts, "cut")}, one every ${number(10 / rate, 2)} s`
      : `One cut, at ${clockText(cuts[0]?.start ?? 0, 1)}`;
  const said = top ? `${plural(card.cuts, "cut")}, ${how} ${plain(top.label)}` : often;
  const second = card.rationales.length ? card.functions : card.types;
  return [
    headline(said),
    (reasons.length > 0 || card.types.length > 1) &&
      el(
        "div",
        { class: "two" },
        barGroup(
          card.rationales.length ? "Why" : card.functions.length ? "Function" : "Type",
          reasons.length ? reasons : card.types,
        ),
        reasons.length > 0 &&
          barGroup(
            card.rationales.length && card.functions.length ? "Function" : "Type",
            second.length ? second : card.types,
          ),
      ),
    card.examples.length > 0 &&
      hasStills &&
      el("div", { class: reasons.length ? "examples" : "examples few" }, card.examples.map(cutPair)),
  ];
}

function barGroup(name, rows) {
  if (!rows.length) return null;
  return el(
    "div",
    { class: "bar-group" },
    el("h3", {}, name),
    countBars(rows.slice(0, 5), colours.editing, (row) => press(row)),
  );
}

function tensionCard(card) {
  const top = card.peaks[0];
  const where = top ? share(top.at) : "";
  const said = top ? `Peaks at ${clockText(top.at, 1)}, ${where}` : "No peak stands out";
  return [
    headline(said),
    tensionChart(card) ?? el("p", { class: "quiet" }, "The curve itself is not at hand; only its findings are."),
    shotTension(card),
    card.arc.length > 0 && el("div", { class: "chips" }, chips(card.arc)),
  ];
}

function share(time) {
  const part = (time - clock.start) / (clock.end - clock.start || 1);
  if (part < 0.2) return "at the very start";
  if (part < 0.45) return "in the first half";
  if (part < 0.6) return "half-way";
  return part < 0.85 ? "in the last half" : "at the very end";
}

function packagingCard(card) {
  const call = card.calls[0];
  const overlays = card.overlays ? plural(card.overlays, "overlay") : "No overlays";
  const lists = card.issues.slice(0, MOST_ISSUES).map(issueLine);
  const rest = card.issues.slice(MOST_ISSUES).flatMap((row) => row.units.map((id) => byId.get(id)));
  if (rest.length)
    lists.push(el("li", { class: "rest" }, linkTo(`${rest.length} more`, "Packaging: further checks", rest)));
  if (!card.issues.length && card.checked)
    lists.push(el("li", { class: "fine" }, icon("tick"), "Every check passes: readable, inside the safe areas."));
  return [
    headline(overlays, call ? `, call to action at ${clockText(call.at, 1)}` : ", no call to action"),
    el(
      "div",
      { class: "packaging" },
      overlayMap(card),
      el(
        "div",
        {},
        call && el("blockquote", { class: "quote", dir: "auto" }, call.text),
        el("ul", { class: "checks" }, lists),
        el(
          "div",
          { class: "chips" },
          card.kinds
            .slice(0, 4)
            .map((row) =>
              el(
                "button",
                { type: "button", class: "chip", onclick: () => press(row) },
                `${plain(row.label)} ${row.count > 1 ? `× ${row.count}` : ""}`,
              ),
            ),
        ),
        el(
          "dl",
          { class: "small-facts" },
          card.facts.map((fact) => [el("dt", {}, fact.name), el("dd", {}, claimOf(byId.get(fact.unit)))]),
        ),
      ),
    ),
  ];
}

function issueLine(row) {
  const text = `${capital(plain(row.label))}${row.count > 1 ? ` × ${row.count}` : ""}`;
  return el(
    "li",
    {},
    icon("alert"),
    el("button", { type: "button", class: "link", onclick: () => press(row) }, text),
    el("small", {}, row.kind),
  );
}

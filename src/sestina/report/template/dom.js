// Building the page: elements from data, whose text is always text and never markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false && child !== "") node.append(child);
  }
  return node;
}

export function el(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

export function byIdIn(id) {
  return document.getElementById(id);
}

const ICONS = {
  play: "M6 4l14 8-14 8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  back: "M15 5l-8 7 8 7z M5 5h2v14H5z",
  next: "M9 5l8 7-8 7z M17 5h2v14h-2z",
  previousShot: "M20 5l-8 7 8 7zM12 5l-8 7 8 7z",
  nextShot: "M4 5l8 7-8 7zM12 5l8 7-8 7z",
  sound: "M4 9v6h4l5 4V5L8 9zM16 8.5a5 5 0 010 7M18.5 6a8.5 8.5 0 010 12",
  mute: "M4 9v6h4l5 4V5L8 9zM16 9.5l5 5M21 9.5l-5 5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 5v14M20 5v14M7 12h10M10 9l-3 3 3 3M14 9l3 3-3 3",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
  moon: "M20 14.5A8.5 8.5 0 119.5 4a7 7 0 0010.500 10.500z",
  keys: "M3 7h18v10H3zM6 10.500h.01M9.500 10.500h.01M13 10.500h.01M16.500 10.500h.01M7 14h10",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 4a7 7 0 100 14 7 7 0 000-14zM16 16l5 5",
  arrow: "M4 12h15M13 6l6 6-6 6",
  alert: "M12 3l10 18H2zM12 10v5M12 18h.01",
  tick: "M4 12.500l5 5L20 6.500",
};
const SOLID = new Set(["play", "pause", "back", "next", "previousShot", "nextShot"]);

export function icon(name) {
  const shape = SOLID.has(name)
    ? { fill: "currentColor" }
    : { fill: "none", stroke: "currentColor", "stroke-width": 1.8 };
  return svg(
    "svg",
    {
      class: "icon",
      viewBox: "0 0 24 24",
      "aria-hidden": "true",
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    },
    svg("path", { d: ICONS[name], ...shape }),
  );
}

export function button(label, { glyph, text, press, kind = "plain", keys } = {}) {
  const title = keys ? `${label} (${keys})` : label;
  return el(
    "button",
    { type: "button", class: `button ${kind}`, "aria-label": text ? null : label, title, onclick: press },
    glyph && icon(glyph),
    text,
  );
}

// Numbers and times as people read them.

import { clock, doc } from "./data.js";

const MINUTE = 60;

export function clockText(time, digits = 2) {
  const sign = time < 0 ? "−" : "";
  const rounded = Number(Math.abs(time).toFixed(digits));
  const minutes = Math.floor(rounded / MINUTE);
  const seconds = (rounded % MINUTE).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
  const hours = Math.floor(minutes / MINUTE);
  return `${sign}${hours ? `${hours}:${String(minutes % MINUTE).padStart(2, "0")}` : minutes}:${seconds}`;
}

export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1000) return value.toFixed(0);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

export function withUnit(value, unit) {
  if (unit === "share" || unit === "probability") return `${number(value * 100, 3)} %`;
  if (!unit || unit === "count" || unit === "ratio") return number(value);
  return `${number(value)} ${unit}`;
}

export function spanText(unit) {
  if (unit.start === unit.end) return clockText(unit.start, 3);
  return `${clockText(unit.start, 3)} – ${clockText(unit.end, 3)}`;
}

export function frameText(time) {
  if (!clock.count) return "";
  const frame = clock.at(time);
  return `frame ${frame} · ${clock.code(frame)}`;
}

export function sizeText(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function rateText() {
  const video = doc.media.video;
  if (!video) return "no picture";
  const rate = video.rate[0] / video.rate[1];
  const said = `${Number(rate.toFixed(3))} fps`;
  return video.vfr ? `${said} on average, varying` : said;
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

// Times as people read them.

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

export function spanText(unit) {
  if (unit.start === unit.end) return clockText(unit.start, 3);
  return `${clockText(unit.start, 3)} – ${clockText(unit.end, 3)}`;
}

export function frameText(time) {
  if (!clock.count) return "";
  const frame = clock.at(time);
  return `frame ${frame} · ${clock.code(frame)}`;
}

export function rateText() {
  const video = doc.media.video;
  if (!video) return "no picture";
  const rate = video.rate[0] / video.rate[1];
  const said = `${Number(rate.toFixed(3))} fps`;
  return video.vfr ? `${said} on average, varying` : said;
}

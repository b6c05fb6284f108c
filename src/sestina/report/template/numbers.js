// Numbers as people read them; knows nothing of the document.

export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value).replace("-", "−");
  if (size >= 1000) return value.toFixed(0).replace("-", "−");
  if (size !== 0 && size < 0.001) return value.toExponential(1).replaceAll("-", "−");
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

export function withUnit(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (unit === "share" || unit === "probability") return `${number(value * 100, 3)} %`;
  if (!unit || unit === "count" || unit === "ratio") return number(value);
  return `${number(value)} ${unit.replace("frame_widths", "fw").replaceAll("_", " ")}`;
}

export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

export function sizeText(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

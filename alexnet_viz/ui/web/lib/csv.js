/**
 * Tables for spreadsheets; alexnet_viz/ui/csv_table.py writes them alike. A text that begins as a formula would be computed by a
 * spreadsheet, and names come from people: it gets an apostrophe in front, which spreadsheets take as "this is text".
 */

/** @typedef {string | number | boolean | null | undefined} Cell */

/** @param {Cell} cell @returns {string} */
function written(cell) {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const text = String(cell ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Numbers as numbers, null as nothing, texts never as formulas. @param {readonly (readonly Cell[])[]} rows @returns {string} */
export function csvText(rows) {
  return `\ufeff${rows.map((row) => row.map(written).join(",")).join("\r\n")}\r\n`; // the mark at the start says that it is UTF-8
}

/** @param {readonly (readonly Cell[])[]} rows @returns {Blob} */
export function csvBlob(rows) {
  return new Blob([csvText(rows)], { type: "text/csv" });
}

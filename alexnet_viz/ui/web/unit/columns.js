/** How wide the page's columns are: pictures fill them, and are painted at their own size. */

const NARROW = { "--unit-first": 384, "--unit-third": 300 }; // as the style sheet has it, before an element is on the page

/** @param {Element} element within the page @param {keyof typeof NARROW} column @returns {number} CSS pixels */
export function columnWidth(element, column) {
  return parseFloat(getComputedStyle(element).getPropertyValue(column)) || NARROW[column];
}

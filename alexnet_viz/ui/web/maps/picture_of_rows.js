/** Words and bars of a list, copied onto a canvas at the places they have on the screen. */
import { h } from "../lib/dom.js";

/**
 * Words as a narrow column shows them.
 * @param {string} words @param {number} width @param {(words: string) => number} widthOf
 * @returns {string} cut before an ellipsis where they do not fit
 */
export function cutToFit(words, width, widthOf) {
  if (widthOf(words) <= width) return words;
  const letters = Array.from(words);
  while (letters.length && widthOf(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** @param {HTMLElement} element @param {string} rows a selector @returns {HTMLCanvasElement} */
export function pictureOfRows(element, rows) {
  const ratio = window.devicePixelRatio || 1;
  const area = element.getBoundingClientRect();
  const canvas = h("canvas");
  [canvas.width, canvas.height] = [Math.round(area.width * ratio), Math.round(element.scrollHeight * ratio)];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  context.textBaseline = "middle";
  for (const part of element.querySelectorAll(`${rows} *`)) {
    const box = part.getBoundingClientRect();
    const styles = getComputedStyle(part);
    const [x, y] = [box.left - area.left, box.top - area.top + element.scrollTop];
    context.fillStyle = styles.backgroundColor;
    context.fillRect(x, y, box.width, box.height);
    if (part.childElementCount || !part.textContent) continue;
    context.font = `${styles.fontWeight} ${styles.fontSize} ${styles.fontFamily}`;
    context.fillStyle = styles.color;
    const isRight = styles.textAlign === "right";
    context.textAlign = isRight ? "right" : "left";
    const widthOf = (/** @type {string} */ words) => context.measureText(words).width;
    const isCut = styles.textOverflow === "ellipsis";
    const words = isCut ? cutToFit(part.textContent, box.width, widthOf) : part.textContent;
    context.fillText(words, isRight ? x + box.width : x, y + box.height / 2);
  }
  return canvas;
}

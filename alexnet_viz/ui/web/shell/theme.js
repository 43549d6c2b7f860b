/** The tokens as CSS custom properties, and which theme the shell shows. tokens.json is the one source of colours. */

import { makeTable, rampAnchors } from "../lib/colour.js";

export const tokens = await (await fetch(new URL("../tokens.json", import.meta.url))).json();

/**
 * The app's own colour map.
 * @param {"light" | "dark"} theme
 * @param {boolean} signed The diverging one, with zero in the middle.
 * @returns {Uint32Array} 256 colours, as ImageData holds them
 */
export function houseTable(theme, signed) {
  return makeTable(rampAnchors(tokens, "house", theme, signed), 1, signed);
}

/**
 * @param {Element} host An element outside of our shadow root, so that it carries the shell's theme.
 * @returns {"light" | "dark"}
 */
export function currentTheme(host) {
  // Where the system forces its colours every element has both schemes, and the ground is the system's.
  if (matchMedia("(forced-colors: active)").matches)
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return getComputedStyle(host).colorScheme.includes("dark") ? "dark" : "light";
}

/**
 * @param {HTMLElement} root
 * @param {"light" | "dark"} theme
 */
export function applyTheme(root, theme) {
  root.dataset.theme = theme;
  root.style.colorScheme = theme;
  for (const [name, value] of Object.entries(tokens.colour[theme]))
    root.style.setProperty(`--${name.replaceAll("_", "-")}`, String(value));
  // Bars that go both ways take their two colours from the diverging ramp.
  const signed = tokens.ramp.signed[theme];
  root.style.setProperty("--negative", signed[4]);
  root.style.setProperty("--positive", signed[12]);
}

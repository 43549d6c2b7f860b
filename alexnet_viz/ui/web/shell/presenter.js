/** Presenter mode: photo, map, one sentence, one legend, readable from eight metres. It stands in the address. */
import { PRESENT, readUrl, writeUrl } from "./url.js";

/** What stands above and below the pictures, in CSS pixels: strip, titles, sentence and legend. */
const AROUND = 118 + 16 + 52 + 124;
const LARGEST = 416;

/**
 * Switch a page to presenter mode or back, and size its pictures for this window.
 * @param {HTMLElement} root
 * @param {boolean} on
 */
function presentIn(root, on) {
  root.classList.toggle("presenter", on);
  if (!on) {
    root.style.removeProperty("--picture");
    return;
  }
  const scale = Math.max(1, window.innerWidth / 1024, window.innerHeight / 768);
  const side = Math.min(LARGEST * scale, (window.innerWidth - 64) / 2, window.innerHeight - AROUND);
  root.style.setProperty("--picture", `${Math.max(160, Math.floor(side))}px`);
}

/** @param {HTMLElement} root @param {() => void} onChange called when it is switched, and when the window has another size */
export function createPresenter(root, onChange) {
  let isOn = PRESENT in readUrl([PRESENT]);
  presentIn(root, isOn);

  function onResize() {
    presentIn(root, isOn);
    onChange();
  }
  window.addEventListener("resize", onResize);
  return {
    get isOn() {
      return isOn;
    },
    toggle() {
      isOn = !isOn;
      writeUrl({ [PRESENT]: isOn ? "1" : null }, false);
      onResize();
    },
    destroy() {
      window.removeEventListener("resize", onResize);
    },
  };
}

/** A live copy of what the class sees: the app itself in a frame of a projector's size, scaled to the column. */
import { h } from "../lib/dom.js";
import { WORDS } from "./words.js";

const WIDTH = 1024;
const HEIGHT = 768;

export function createLiveCopy() {
  const frame = h("iframe", { "data-lesson": true, title: WORDS.sees, width: WIDTH, height: HEIGHT });
  const element = h("div", { class: "lesson-copy" }, frame);
  const observer = new ResizeObserver(() => {
    const scale = element.clientWidth / WIDTH;
    frame.style.transform = `scale(${scale})`;
    element.style.height = `${HEIGHT * scale}px`;
  });
  observer.observe(element);
  return {
    element,
    /** Opened with the first lesson, it then follows by itself. @param {boolean} isWanted */
    update(isWanted) {
      element.hidden = !isWanted;
      if (isWanted && !frame.src) frame.src = new URL("./?present=1", document.baseURI).href;
    },
    destroy() {
      observer.disconnect();
    },
  };
}

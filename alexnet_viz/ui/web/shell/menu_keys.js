/** The keys of the checkpoint menu: arrows walk its lines, Enter opens, letters find, → goes to a line's button. */

/**
 * @param {{grid: HTMLElement, find: HTMLInputElement, clear: () => void, enter: (line: HTMLElement | null) => void, press: (line: HTMLElement | null) => void}} menu
 *   enter: to its button; press: what a click on the line does
 */
export function createMenuKeys({ grid, find, clear, enter, press }) {
  /** @returns {HTMLElement[]} what the arrows walk */
  function lines() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (grid.querySelectorAll("[role=row][tabindex]"))].filter(
      (line) => line.offsetParent !== null,
    );
  }

  /** @param {number} step @param {HTMLElement} from */
  function walk(step, from) {
    const all = lines();
    const at = all.findIndex((line) => line.contains(from)) + step;
    if (at < 0 && !find.hidden) find.focus();
    else all[Math.max(0, Math.min(all.length - 1, at))]?.focus();
  }

  /** @type {Record<string, (target: HTMLElement, line: HTMLElement | null) => void>} */
  const onLine = {
    ArrowRight: (_, line) => enter(line),
    ArrowLeft: (_, line) => line?.focus(),
    Enter: (_, line) => press(line),
    " ": (_, line) => press(line),
  };

  /** @param {KeyboardEvent} event @param {HTMLElement} target @returns {boolean} whether it was one of the menu's keys */
  function act(event, target) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event.key === "ArrowDown" ? 1 : -1, target);
    else if (target === find) return event.key === "Enter" && (press(lines()[0] ?? null), true);
    else if (event.key in onLine && !(target.matches("button") && !event.key.startsWith("Arrow")))
      onLine[event.key](target, target.closest("[role=row]"));
    else return false;
    return true;
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} target @returns {boolean} whether a letter is typed where no field is */
  function isLetter(event, target) {
    return (
      target !== find &&
      event.key.length === 1 &&
      event.key !== " " &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey
    );
  }

  return {
    lines,
    /** Keys of an open menu are not those of the page. @param {KeyboardEvent} event */
    onKey(event) {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.key === "Tab" || (event.key === "Escape" && !find.value)) return;
      event.stopPropagation();
      if (event.key === "Escape") clear();
      else if (isLetter(event, target)) {
        find.hidden = false;
        find.focus(); // and the letter goes on into it
      } else if (act(event, target)) event.preventDefault();
    },
  };
}

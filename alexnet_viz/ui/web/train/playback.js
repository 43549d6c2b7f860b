/** Walking over the epochs that a run kept, by hand or by itself. */

const PLAY = 450; // ms an epoch stays

/** @param {{count: () => number, at: () => number, step: (index: number) => void, onChange: () => void}} replay number of kept epochs, the one on the screen, and how to go to another */
export function createPlayback({ count, at, step, onChange }) {
  let timer = 0;

  function stop() {
    clearInterval(timer);
    timer = 0;
    onChange();
  }

  function play() {
    if (count() < 2) return;
    if (at() === count() - 1) step(0);
    else if (isStill()) step(at() + 1);
    if (isStill()) return;
    timer = window.setInterval(() => {
      step(at() + 1);
      if (at() === count() - 1) stop();
    }, PLAY);
    onChange();
  }

  return {
    get playing() {
      return timer !== 0;
    },
    toggle: () => (timer ? stop() : play()),
    /** @param {number} by */
    walk(by) {
      stop();
      step(at() + by);
    },
    destroy: () => clearInterval(timer),
  };
}

/** @returns {boolean} whether a person wants nothing to move: each press of Play is one epoch then */
function isStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

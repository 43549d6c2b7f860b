/** A pass that the server refuses: what Explore shows then, and what is said of it. */
import { gettext } from "../lib/language.js";
import { recoverOwn } from "../shell/own_files.js";

/** @typedef {import("../server/api.js").Subject} Subject */

/**
 * @param {{page: Parameters<typeof recoverOwn>[0] & {state: import("./state.js").State, defaults: import("./state.js").State},
 *   alter: {begin: (altered: string) => void}, problems: ReturnType<typeof import("./problem_box.js").createProblemBox>, load: () => void, draw: () => void, isWaiting: () => boolean}} parts
 *   isWaiting: whether another answer is on its way by now
 */
export function createRefusals({ page, alter, problems, load, draw, isWaiting }) {
  /** What one has sent is gone, and the page names what is shown instead. @param {string} gone */
  function openUsual(gone) {
    alter.begin(page.state.altered);
    problems.show({ words: gone, isAnswered: false });
    load();
    draw();
  }

  /** A link to what is no longer there still opens on something. @param {string} words @param {boolean} isDefault */
  function openDefault(words, isDefault) {
    problems.show({ words, isAnswered: isDefault });
    if (isDefault) return;
    // An alteration that this network does not have is no fault of its photo and checkpoint.
    page.replace(
      page.state.altered ? { altered: "" } : { photo: page.defaults.photo, checkpoint: page.defaults.checkpoint },
    );
    load();
  }

  /** What is on the screen stays, and the pickers name it again. @param {string} words @param {Subject} last */
  function stay(words, last) {
    const { photo, checkpoint } = page.state;
    page.replace({ altered: "", ...last });
    alter.begin(page.state.altered);
    const photoOrNetwork =
      last.photo !== photo
        ? gettext("The last photo stays on the page.")
        : gettext("The last network stays on the page.");
    problems.show({
      words,
      consequence: last.checkpoint !== checkpoint ? gettext("The last checkpoint stays on the page.") : photoOrNetwork,
      isAnswered: false,
    });
  }

  return {
    openUsual,
    /** @param {unknown} error @param {Subject | null} last what is on the screen */
    async refuse(error, last) {
      const gone = await recoverOwn(page);
      if (isWaiting()) return;
      if (gone) return openUsual(gone);
      const { message } = /** @type {Error} */ (error);
      const { photo, checkpoint, altered } = page.state;
      if (last) stay(message, last);
      else openDefault(message, photo === page.defaults.photo && checkpoint === page.defaults.checkpoint && !altered);
      draw();
    },
  };
}

/** What the Architecture page asks for: the table and the tensors that fit its view, and what is shown where they are refused. */
import { createNetwork } from "./network.js";
import { fittingCheckpoint } from "./state.js";

/** @typedef {import("./state.js").State} State */

/**
 * @param {{readonly state: State, readonly defaults: State, replace: (given: {photo: string}) => void}} page
 * @param {{checkpoints: import("./state.js").Entry[], checkpoint: string}} config
 * @param {{onChange: () => void, onWaiting: (words: string) => void}} actions
 */
export function createLoading(page, config, { onChange, onWaiting }) {
  const network = createNetwork({ onChange, onWaiting, onRefused: fail });
  /** @type {string | null} */
  let problem = null;
  let hasFallenBack = false;

  function checkpoint() {
    return fittingCheckpoint(config.checkpoints, page.state, config.checkpoint);
  }

  function load() {
    const { variant, classes, photo } = page.state;
    void network.want({ variant, classes, photo, checkpoint: checkpoint()?.name ?? null, usual: config.checkpoint });
  }

  /** @param {unknown} error @param {string | null} shown the photo that is on the page */
  function fail(error, shown) {
    problem = error instanceof Error ? error.message : String(error);
    const fallback = shown ?? page.defaults.photo;
    hasFallenBack = shown !== null && shown !== page.state.photo;
    if (fallback !== page.state.photo) {
      // What is on the page stays, and the picker names it; a link to what is no longer there still opens on something.
      page.replace({ photo: fallback });
      load();
    }
    onChange();
  }

  return {
    network,
    /** Whose tensors are drawn. */
    checkpoint,
    load,
    get problem() {
      return problem;
    },
    /** Whether another photo than the wanted one is on the page, since the last refusal. */
    get hasFallenBack() {
      return hasFallenBack;
    },
    /** @param {string | null} words null where nothing is wrong any more */
    tell(words) {
      problem = words;
    },
    /** Whether the pictures belong to another photo than the one that is chosen. */
    isStale() {
      return network.pictures !== null && network.pictures.trace.header.photo.id !== page.state.photo;
    },
  };
}

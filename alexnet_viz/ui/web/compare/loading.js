/** What the page asks the server: for the pair of its address, for its stages, and what it shows where that is refused. */
import { createPairLoader } from "./pair_loader.js";
import { recoverOwn } from "../shell/own_files.js";
import { isGallery, kept } from "../shell/tab_memory.js";

/** @typedef {import("./beginning.js").Beginning} Beginning */
/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./pair_loader.js").Subject} Subject */

/** A link to what is no longer there still opens on something. @param {Subject} asked @param {Pick<Beginning, keyof Subject>} beginning @returns {Subject} */
export function openable({ photo, a, b }, beginning) {
  const known = (/** @type {string} */ name) => kept.checkpoints.some((entry) => entry.name === name);
  return {
    photo: isGallery(photo) ? photo : beginning.photo,
    a: known(a) ? a : beginning.a,
    b: known(b) ? b : beginning.b,
  };
}

/**
 * @param {ReturnType<typeof import("../shell/url_state.js").createPageState<Key>>} page
 * @param {ReturnType<typeof import("./data_sets.js").createDataSets>} sets
 * @param {Beginning} beginning
 * @param {{draw: () => void, fail: (error: unknown) => void, say: (words: string) => void, onBusy: (isBusy: boolean) => void}} actions
 *   onBusy: whether anything of the pair is still on its way
 */
export function createLoading(page, sets, beginning, { draw, fail, say, onBusy }) {
  const loader = createPairLoader({ onArrived: arrived, onStage: draw, onRefused: refused, say });

  async function load() {
    const { photo, a, b } = page.state;
    onBusy(true);
    await loader.want({ photo, a, b });
    if (!(await loader.rest(page.state.stage))) return;
    try {
      await sets.find();
      onBusy(false);
      draw();
    } catch (error) {
      fail(error);
    }
  }

  function arrived() {
    const names = loader.arrived?.traces.a.header.stages.map(({ name }) => name) ?? [];
    if (!names.includes(page.state.stage)) page.replace({ stage: page.defaults.stage, channel: "", place: "" });
    draw();
    void loader.open(page.state.stage, page.state.other);
  }

  /** @param {unknown} error @param {Subject | null} shown what is on the screen: it stays, and the pickers name it again */
  async function refused(error, shown) {
    const gone = await recoverOwn(page);
    if (loader.isWaiting) return; // another is on its way by now
    if (gone) return void (fail(gone), load());
    const { photo, a, b } = page.state;
    const usual = openable({ photo, a, b }, beginning);
    const isOther = photo !== usual.photo || a !== usual.a || b !== usual.b;
    page.replace(shown ?? usual);
    fail(error);
    if (!shown && isOther) void load();
  }

  return {
    loader,
    load,
    /** One's own photo of before a reload may be gone by now. */
    async open() {
      const gone = await recoverOwn(page);
      await load();
      if (gone) fail(gone);
    },
  };
}

/** The four views of the Compare page: this photo, a test set, the weights, the recipes. One of them is on the screen. */
import { createPhotoPanel } from "./photo_panel.js";
import { createRecipesPanel } from "./recipes_panel.js";
import { createTestSetPanel } from "./test_set_panel.js";
import { createWeightsPanel } from "./weights_panel.js";
import { kept } from "../shell/tab_memory.js";

/** @typedef {import("./photo_panel.js").Moment} Moment */

/**
 * @param {ReturnType<typeof import("./data_sets.js").createDataSets>} sets
 * @param {{set: (changes: Partial<import("./state.js").State>) => void, onOpenUnit: (stage: string, channel: number) => void, onShown: (shown: import("./pair_panel.js").SideView) => void,
 *   onOpenPicture: (index: number) => void, onFolder: (file: File) => void}} actions
 * `onShown`: the selected pair, its place or its numbers are other ones
 */
export function createViews(sets, { set, onOpenUnit, onShown, onOpenPicture, onFolder }) {
  const photo = createPhotoPanel({ set, onOpenUnit, onCompute: sets.start, onCancel: sets.cancel, onShown });
  const test = createTestSetPanel({ set, onStart: sets.start, onCancel: sets.cancel, onOpen: onOpenPicture, onFolder });
  const weights = createWeightsPanel();
  const recipes = createRecipesPanel({ set });
  const panels = { photo, test, weights, recipes };

  /** @param {Moment} m */
  function draw(m) {
    const { a, b, view, count, more } = m.state;
    if (view === "photo") photo.update(m);
    else if (view === "test")
      test.update({
        known: sets.known(),
        dataSets: sets.list,
        data: sets.current(),
        upload: sets.upload,
        count,
        theme: m.theme,
        names: m.names,
      });
    else if (view === "recipes") recipes.update({ a, b, more, checkpoints: kept.checkpoints, theme: m.theme });
    else if (!m.stale)
      weights.update({
        a,
        b,
        digests: { a: m.arrived.traces.a.header.checkpoint.digest, b: m.arrived.traces.b.header.checkpoint.digest },
        names: m.names,
        partners: m.choose("block1.conv").pairing?.partners ?? null,
        theme: m.theme,
      });
  }

  return {
    elements: Object.values(panels).map(({ element }) => element),
    photo,
    /** @param {Moment | null} m null until a first pair has arrived */
    update(m) {
      for (const [view, { element }] of Object.entries(panels)) element.hidden = m?.state.view !== view;
      if (m) draw(m);
    },
    /** What of the open view can be taken away. @param {Moment} m @returns {import("./save.js").SaveContext} */
    saved(m) {
      const { view } = m.state;
      return {
        view,
        photo: m.arrived.traces.a.header.photo,
        names: m.names,
        query: { ...sets.asked(), photo: m.state.photo, pairs: m.choose(m.state.stage).pairs.value },
        shown: photo.shown(),
        isDifference: m.state.mode === "difference",
        pictures: photo.pictures,
        table: view === "photo" ? null : panels[/** @type {"test"} */ (view)].table(),
      };
    },
    destroy() {
      recipes.destroy();
      photo.destroy();
    },
  };
}

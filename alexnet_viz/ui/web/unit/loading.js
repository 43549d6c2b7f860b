/** What the server is asked about a unit: the photo's pass, how its number is made, the map, the filters that see the photo. */
import { createLatest, createLatestOrNothing } from "../lib/latest.js";
import { getFilters, getJson, getStage, getTrace, inTurn } from "../server/api.js";
import { afterRefusal } from "../shell/fall_back.js";

/** @typedef {import("../server/api.js").Subject & {stage: string, digest: string}} OfStage */

/**
 * @param {{state: import("./state.js").State, defaults: import("./state.js").State, replace: (given: Partial<import("./state.js").State>) => void}} page
 * @param {{onTrace: () => void, onChange: () => void, onWaiting: (words: string) => void, onRefused: (error: unknown) => void, load: () => void}} actions onWaiting: who is before the photo; load: another view than the refused one is wanted
 */
export function createLoading(page, { onTrace, onChange, onWaiting, onRefused, load }) {
  const traces = createLatest({
    ask: (/** @type {import("../server/api.js").Subject} */ asked, isWanted) =>
      inTurn(() => getTrace(asked), isWanted, onWaiting),
    onAnswer: onTrace,
    onRefused: (error) => void afterRefusal(page, traces, error, { load, say: onRefused }),
  });
  const maps = createLatestOrNothing({
    ask: (/** @type {OfStage} */ { stage, digest, ...subject }) => getStage(subject, stage, digest),
    onAnswer: onChange,
    onRefused,
  });
  const numbers = createLatestOrNothing({
    ask: (/** @type {Record<string, string>} */ asked) => getJson("unit/number", asked),
    onAnswer: onChange,
    onRefused,
  });
  const filters = createLatestOrNothing({
    ask: (/** @type {{checkpoint: string, digest: string}} */ { checkpoint, digest }) => getFilters(checkpoint, digest),
    onAnswer: onChange,
    onRefused,
  });

  /** @template Value @param {{isStale: boolean, value: Value | null}} latest */
  const current = (latest) => (latest.isStale ? null : latest.value);

  const subject = () => ({ photo: page.state.photo, checkpoint: page.state.checkpoint, resize: page.state.resize });

  return {
    traces,
    get map() {
      return current(maps);
    },
    get number() {
      return current(numbers);
    },
    get filters() {
      return current(filters);
    },
    wantTrace: () => void traces.want(subject()),
    /** What stands on the photo's pass, once that is there. */
    want() {
      const { stage, channel, place, terms, checkpoint } = page.state;
      const [row = "", column = ""] = place.split(",");
      const digest = traces.value?.header.checkpoint.digest ?? "";
      void numbers.want({ ...subject(), stage, channel, row, column, terms });
      void maps.want({ ...subject(), stage, digest });
      if (/^block[12]\./.test(stage)) void filters.want({ checkpoint, digest });
    },
    end() {
      for (const each of [traces, maps, numbers, filters]) each.end();
    },
  };
}

/** What the open panel shows as a picture, and what that picture is of: Save offers it. */
import { gettext } from "../lib/language.js";
import { photoWords } from "./save.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./selection.js").View} View */
/** @typedef {{picture: () => HTMLCanvasElement}} Pictured */
/** @typedef {{wall: Pictured, filters: Pictured, units: Pictured, photos: Pictured & {traces: import("../server/api.js").Trace[]}}} Panels */

/**
 * @param {View} now @param {Stage} stage @param {Panels} panels @param {number} photoCount how many photos there are
 * @returns {import("./save.js").Panel | null} null where the panel shows no picture
 */
export function panelPicture(now, stage, panels, photoCount) {
  const range = now.range(stage);
  const [photos, all] = [photoWords(now), now.channels(stage).length];
  const [shown, isWhole] = [{ shown: all, total: stage.shape[0] }, all === stage.shape[0]];
  if (now.panel === "wall")
    return all
      ? {
          title: gettext("The wall, picture"),
          file: "wall",
          words: isWhole ? gettext("all {total} channels", shown) : gettext("{shown} of {total} channels", shown),
          photos,
          range,
          picture: () => panels.wall.picture(),
        }
      : null;
  if (now.panel === "filters")
    return {
      title: gettext("The filters, picture"),
      file: "filters",
      words: gettext("{count} filters", { count: stage.shape[0] }),
      photos: gettext("weights"),
      range: null,
      picture: () => panels.filters.picture(),
    };
  if (now.hasBars)
    return {
      title: gettext("All classes, picture"),
      file: "classes",
      words: gettext("all classes"),
      photos,
      range: null,
      picture: () => panels.units.picture(),
    };
  if (now.panel === "units")
    return {
      title: gettext("All units, picture"),
      file: "wall",
      words: isWhole ? gettext("all {total} units", shown) : gettext("{shown} of {total} units", shown),
      photos,
      range,
      picture: () => panels.units.picture(),
    };
  const { traces } = panels.photos;
  if (now.panel !== "photos" || !traces.length) return null;
  const channel = now.channel(stage);
  const [drawn, of] = [traces.length, photoCount];
  const many =
    drawn === of
      ? gettext("{count} photos", { count: of })
      : gettext("{shown} of {total} photos", { shown: drawn, total: of });
  return {
    title: gettext("All photos, picture"),
    file: `channel-${channel}-all-photos`,
    words: gettext("channel {channel}", { channel }),
    photos: many,
    range: now.range(stage, traces),
    picture: () => panels.photos.picture(),
  };
}

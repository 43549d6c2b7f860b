/** The style sheets as one text, for the shadow root of each page. */

const sheets = [
  "shell/base.css",
  "shell/checkpoint_menu.css",
  "maps/maps.css",
  "maps/strip.css",
  "charts/charts.css",
  "explore/explore.css",
  "explore/altered.css",
  "architecture/architecture.css",
  "train/train.css",
  "compare/compare.css",
  "unit/unit.css",
  "why/why.css",
  "shell/class.css",
  "shell/free_play.css",
  "classroom/classroom.css",
  "shell/presenter.css",
  "shell/forced_colors.css",
].map(async (name) => (await fetch(new URL(`../${name}`, import.meta.url))).text());
export const styles = (await Promise.all(sheets)).join("\n");

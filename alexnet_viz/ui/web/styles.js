/** The style sheets as one text, for the shadow root of each page. */

const sheets = ["microscope.css", "architecture.css", "train.css", "compare.css"].map(async (name) => (await fetch(new URL(name, import.meta.url))).text());
export const styles = (await Promise.all(sheets)).join("\n");

/** What the pages are called. What is asked and compared is their English title. */
import { gettext } from "../lib/language.js";

/** @type {Record<string, string>} */
export const PAGE_NAMES = {
  Explore: gettext("Explore"),
  Unit: gettext("Unit"),
  Why: gettext("Why"),
  Compare: gettext("Compare"),
  Train: gettext("Train"),
  Architecture: gettext("Architecture"),
  Classroom: gettext("Classroom"),
};

/** What the class's bar says. */
import { gettext } from "../lib/language.js";

export const WORDS = {
  before: gettext("The lesson has not begun. This page follows by itself."),
  over: gettext("The lesson is over. Your photos are gone."),
  blank: gettext("Look to the front"),
  lost: gettext("No connection, trying again"),
  following: gettext("following"),
  ownWay: gettext("On your own"),
  /** @param {number} square */
  square: (square) => gettext("Yours is square {square}", { square }),
  exploreAlone: gettext("Explore alone"),
  exploreFreely: gettext("Explore freely"),
  free: gettext("Now explore on your own."),
  back: gettext("Back to the teacher"),
  broughtBack: gettext("The teacher has brought everyone back."),
  /** @param {string} page @param {string} where */
  classIsAt: (page, where) =>
    where ? gettext("The class is at {page}, {where}.", { page, where }) : gettext("The class is at {page}.", { page }),
  waiting: gettext("A question is waiting."),
  answer: gettext("Answer"),
  choose: gettext("choose an answer"),
  yourAnswer: gettext("your answer"),
  notSent: gettext("Not sent yet. It goes out by itself."),
  sent: gettext("Sent. You can change it until the answer is shown."),
  /** @param {number} answered @param {number} here */
  answered: (answered, here) => gettext("{answered} of {here} have answered.", { answered, here }),
  /** @param {string} answer */
  right: (answer) => gettext("The answer is {answer}.", { answer }),
  /** @param {string} own */
  own: (own) => gettext("You answered {own}.", { own }),
  pointAtPlace: gettext("Select a channel's map and point at the place, then answer."),
  selectChannel: gettext("Select the channel, then answer."),
  /** @param {string} place "43,35" */
  place: (place) => gettext("row {row}, column {column}", { row: place.split(",")[0], column: place.split(",")[1] }),
  /** @param {string} channel */
  channel: (channel) => gettext("channel {channel}", { channel }),
  sides: [gettext("channels"), gettext("height"), gettext("width")],
  number: gettext("Your number"),
};

/** What the class's bar says, together so that it can be translated. */

export const WORDS = {
  before: "The lesson has not begun. This page follows by itself.",
  over: "The lesson is over. Your photos are gone.",
  exploreFreely: "Explore freely",
  blank: "Look to the front",
  lost: "No connection, trying again",
  following: "following",
  ownWay: "On your own",
  /** @param {number} square */
  square: (square) => `Yours is square ${square}`,
  exploreAlone: "Explore alone",
  free: "Now explore on your own.",
  back: "Back to the teacher",
  broughtBack: "The teacher has brought everyone back.",
  /** @param {string} page @param {string} where */
  classIsAt: (page, where) => `The class is at ${page}${where ? `, ${where}` : ""}.`,
  waiting: "A question is waiting.",
  answer: "Answer",
  yourAnswer: "your answer",
  notSent: "Not sent yet. It goes out by itself.",
  sent: "Sent. You can change it until the answer is shown.",
  late: "The answer is already shown.",
  /** @param {number} answered @param {number} here */
  answered: (answered, here) => `${answered} of ${here} have answered.`,
  /** @param {string} answer */
  right: (answer) => `The answer is ${answer}.`,
  /** @param {string} own */
  own: (own) => `You answered ${own}.`,
  pointAtPlace: "Select a channel's map and point at the place, then answer.",
  selectChannel: "Select the channel, then answer.",
  /** @param {string} place "43,35" */
  place: (place) => `row ${place.split(",")[0]}, column ${place.split(",")[1]}`,
  /** @param {string} channel */
  channel: (channel) => `channel ${channel}`,
  sides: ["channels", "height", "width"],
  number: "Your number",
};

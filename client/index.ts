/** The door of the package: everything that a follower of a Safe Passage server needs. */
export { BLANK, SILENCE_MS, isInDoubt, logTime, pictureAfter, type ClockView, type Input, type Picture } from './board-store.js';
export { follow, shownWord, type FollowOptions, type Follower, type View } from './follow.js';
export { ClientProblem, rest, type Decided, type Me, type Rest, type RestOptions } from './rest.js';

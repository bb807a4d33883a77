/** The advisory lock that makes commit order the order of `seq`; `append_events` checks that it is held. */
export const LOG_LOCK = 7001;

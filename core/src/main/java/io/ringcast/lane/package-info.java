/**
 * Merges what several upstreams tell of the same thing into one complete stream. A <em>lane</em> is one upstream's
 * ordered stream of one feed; the arbiters here take each lane's items and give what is to be published, in order and
 * once.
 *
 * <p>Plain single-threaded classes without a clock: match owns them, and passes the time in.
 */
package io.ringcast.lane;

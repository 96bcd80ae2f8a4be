/**
 * Step 5 of the walk: subscribe and unsubscribe, feeds and topics, and which topics an item goes to.
 *
 * <p>A <em>feed</em> is one subscription at the upstreams; a <em>topic</em> is what subscribers of the same thing
 * share. Most feeds carry one topic; the feed of all logs carries one topic per filter.
 */
package io.ringcast.match;

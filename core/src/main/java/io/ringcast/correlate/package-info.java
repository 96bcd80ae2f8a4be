/**
 * Step 4 of the walk: swaps ids, finds the caller of each answer, and knows which feed an upstream subscription id is.
 */
package io.ringcast.correlate;

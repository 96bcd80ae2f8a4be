/** Counters: one set per thread, written by that thread alone, read by any. */
package io.ringcast.metrics;

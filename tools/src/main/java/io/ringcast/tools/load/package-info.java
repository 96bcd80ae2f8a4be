/**
 * The load tool: subscribers and callers on Netty that cost little, an upstream of its own that stamps every item with
 * the time at which the schedule wanted it sent, checks for loss, doubles and order, and the files and tables that come
 * out of it. It shares no protocol code with the relay, so that a mistake of the relay cannot hide in its own
 * measuring instrument.
 */
package io.ringcast.tools.load;

/**
 * Makes pushed feeds of an upstream that only answers: asks for heads, logs and pending transactions at the chain's own
 * pace, and says them as a node with subscriptions would. Plain single-threaded classes that know neither sockets nor
 * clocks: whoever owns them carries their calls and passes the time in.
 */
package io.ringcast.transport.poll;

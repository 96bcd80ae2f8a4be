/**
 * The I/O loop's half of step 7: which of a loop's connections a topic has, the activation barrier, and one flush per
 * connection per batch. Knows no channel: a transport gives it {@link io.ringcast.egress.Outlet}s.
 */
package io.ringcast.egress;

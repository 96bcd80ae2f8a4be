/**
 * Sockets, on Netty: the downstream WebSocket server, the upstream client, the I/O loops that drive the pipeline, and
 * {@link io.ringcast.transport.Relay}, which puts it all together.
 */
package io.ringcast.transport;

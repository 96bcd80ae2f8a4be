/**
 * What clients connect to: WebSocket, HTTP/1.1 and HTTP/2, server-sent events and Unix domain sockets; who may enter,
 * TLS towards clients, and the outlets to clients, with which step 7 of 7 ends.
 */
package io.ringcast.transport.door;

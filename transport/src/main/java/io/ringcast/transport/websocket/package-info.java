/**
 * RFC 6455 without an object per frame: the parser that fills a received text on the heap, the writers of header and
 * control-frame bytes, and both sides of the opening handshake. No extension and no subprotocol is ever selected.
 */
package io.ringcast.transport.websocket;

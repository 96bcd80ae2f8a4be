package io.ringcast.transport.websocket;

/**
 * Which end of the connection this process is.
 * Immutable.
 */
public enum WebSocketRole
{
    /** Accepted the connection: receives masked frames and sends unmasked ones. */
    SERVER,
    /** Opened the connection: receives unmasked frames and sends masked ones. */
    CLIENT
}

package io.ringcast.pipeline;

/**
 * Stops and resumes the reads of one socket: how the relay holds back a sender it can't keep up with.
 * Confined to the I/O loop that owns the socket.
 */
public interface ReadGate
{
    /** Resumes reading; a message that was refused is offered again first. */
    void open();
}

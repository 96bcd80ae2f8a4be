package io.ringcast.config;

/** Which system interface the sockets use. Immutable. */
public enum TransportChoice
{
    /** The first that works of epoll, io_uring and nio. */
    AUTO,
    /** Linux epoll; refused at start where it does not work. */
    EPOLL,
    /** Linux io_uring: far fewer system calls, about the same latency; refused at start where it does not work. */
    IO_URING,
    /** The JDK's selectors: works everywhere, allocates on every write. */
    NIO
}

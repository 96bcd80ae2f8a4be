package io.ringcast.pipeline;

/**
 * Wakes an I/O loop so that it polls the ring.
 * Any thread.
 */
@FunctionalInterface
public interface LoopWaker
{
    /** Lets the loop poll soon. Never waits; several calls before the loop wakes are one. */
    void wake();
}

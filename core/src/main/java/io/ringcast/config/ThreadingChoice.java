package io.ringcast.config;

/** How the pipeline's stages are spread over threads. Immutable. */
public enum ThreadingChoice
{
    /** By cores: compact up to 2, shared up to 7, dedicated above. */
    AUTO,
    /** The stages run on I/O loop 0 right after it has read: no hand-off, the lowest latency on few cores. */
    COMPACT,
    /** One pipeline thread for all stages: I/O and stages overlap, at the cost of one wake-up per batch. */
    SHARED,
    /** A thread per stage: the highest throughput, and only with a core for each. */
    DEDICATED
}

package io.ringcast.config;

/** How far a relay goes to answer soon. Immutable. */
public enum ProfileChoice
{
    /** Threads without work sleep: the relay shares the machine with others. */
    DEFAULT,
    /** Threads without work spin, so that none has to be woken: for cores that nobody else uses. */
    LOW_LATENCY
}

package io.ringcast.transport.journal;

/**
 * A checkpoint that is to be made.
 * Immutable, but for the chain, which is confined to the journal's thread.
 *
 * @param chain     what it shortens.
 * @param way       to the state that it is to hold, as far as the archive has written.
 * @param shadow    what it is made of.
 * @param tailBytes how much of the way has to be read.
 */
record CheckpointPlan(KeptChain chain, RunChain way, Shadow shadow, long tailBytes)
{
    String networkName()
    {
        return way.lastRecording().name();
    }
}

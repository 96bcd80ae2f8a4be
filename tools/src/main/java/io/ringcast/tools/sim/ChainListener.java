package io.ringcast.tools.sim;

/** Hears what happens on a {@link SimulatedChain}, in order. Confined to the chain's thread. */
interface ChainListener
{
    /** A new head; its logs were told before it, as geth does. */
    void onHead(SimulatedBlock block);

    /** A log of a new block, or of one that a reorg took away. */
    void onLog(SimulatedLog log, boolean isRemoved);

    /** A transaction that waits to be mined. */
    void onPending(SimulatedTransaction transaction);
}

package io.ringcast.tools.sim;

/**
 * What a {@link SimulatedChain} is made of.
 * Immutable.
 *
 * @param seed         same seed, same chain.
 * @param chainId      what {@code eth_chainId} says.
 * @param logsPerBlock logs of each block.
 * @param keptBlocks   how many blocks can be asked for.
 */
public record ChainSettings(long seed, long chainId, int logsPerBlock, int keptBlocks)
{
    /** A chain of id 1337 with ten logs a block and 256 blocks of history. */
    public static ChainSettings defaults()
    {
        return new ChainSettings(1, 1337, 10, 256);
    }

    /** The same with another seed. */
    public ChainSettings withSeed(final long newSeed)
    {
        return new ChainSettings(newSeed, chainId, logsPerBlock, keptBlocks);
    }

    /** The same with another chain id. */
    public ChainSettings withChainId(final long newChainId)
    {
        return new ChainSettings(seed, newChainId, logsPerBlock, keptBlocks);
    }

    /** The same with another number of logs. */
    public ChainSettings withLogsPerBlock(final int newLogsPerBlock)
    {
        return new ChainSettings(seed, chainId, newLogsPerBlock, keptBlocks);
    }
}

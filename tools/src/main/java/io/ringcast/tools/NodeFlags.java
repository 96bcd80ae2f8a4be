package io.ringcast.tools;

import io.ringcast.config.ConfigException;
import io.ringcast.tools.sim.ChainSettings;
import io.ringcast.tools.sim.NodeSettings;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The flags that shape a simulated node. Confined to the main thread. */
final class NodeFlags
{
    private static final int LIMIT_LOGS = 10_000;
    private static final int LIMIT_REORG_DEPTH = 100;
    private static final int LIMIT_DELAY_MS = 60_000;

    @Option(names = "--heads-per-second", paramLabel = "N", converter = Rate.class, defaultValue = "2",
        description = "blocks a second, fractions allowed (2)")
    private double headsPerSecond;

    @Option(names = "--logs-per-block", paramLabel = "N", converter = Count.class, defaultValue = "10",
        description = "logs of each block (10)")
    private int logsPerBlock;

    @Option(names = "--pending-per-second", paramLabel = "N", converter = Rate.class, defaultValue = "20",
        description = "pending transactions a second, fractions allowed (20)")
    private double pendingPerSecond;

    @Option(names = "--reorg-every", paramLabel = "N", converter = Count.class, defaultValue = "0",
        description = "a reorg after every N blocks; 0 for none (0)")
    private int reorgEvery;

    @Option(names = "--reorg-depth", paramLabel = "N", converter = Count.class, defaultValue = "2",
        description = "blocks that such a reorg abandons (2)")
    private int reorgDepth;

    @Option(names = "--seed", paramLabel = "N", converter = Count.class, defaultValue = "1",
        description = "same seed, same chain (1)")
    private int seed;

    @Option(names = "--old-geth-frames",
        description = "messages in fragments of 1 KiB with a newline, as from geth up to 1.17.3")
    private boolean oldGethFrames;

    @Option(names = "--no-push", description = "a node that knows no eth_subscribe, so that it must be polled")
    private boolean noPush;

    @Option(names = "--delay-ms", paramLabel = "N", converter = Count.class, defaultValue = "0",
        description = "how far it is behind the chain, at the most; half of it at the least (0)")
    private int delayMs;

    NodeSettings settings()
    {
        if (delayMs > LIMIT_DELAY_MS)
        {
            throw new ConfigException("--delay-ms", delayMs, "too large", "0 to " + LIMIT_DELAY_MS);
        }
        if (logsPerBlock > LIMIT_LOGS)
        {
            throw new ConfigException("--logs-per-block", logsPerBlock, "too large", "0 to " + LIMIT_LOGS);
        }
        if (reorgDepth < 1 || reorgDepth > LIMIT_REORG_DEPTH)
        {
            throw new ConfigException("--reorg-depth", reorgDepth, "out of range", "1 to " + LIMIT_REORG_DEPTH);
        }
        return NodeSettings.quiet()
            .withRates(headsPerSecond, pendingPerSecond)
            .withReorgs(reorgEvery, reorgDepth)
            .withOldGethFrames(oldGethFrames)
            .withPush(!noPush)
            .withDelayMs(delayMs)
            .withChain(ChainSettings.defaults().withSeed(seed).withLogsPerBlock(logsPerBlock));
    }

    /** Reads items a second. Immutable. */
    static final class Rate implements ITypeConverter<Double>
    {
        private static final double LIMIT_PER_SECOND = 100_000;

        @Override
        public Double convert(final String text)
        {
            try
            {
                final double rate = Double.parseDouble(text);
                if (rate >= 0 && rate <= LIMIT_PER_SECOND)
                {
                    return rate;
                }
            }
            catch (final NumberFormatException ex)
            {
                throw new ConfigException("rate", text, "not a number", "a number from 0 to 100000");
            }
            throw new ConfigException("rate", text, "out of range", "a number from 0 to 100000");
        }
    }

    /** Reads a whole number that is not negative. Immutable. */
    static final class Count implements ITypeConverter<Integer>
    {
        @Override
        public Integer convert(final String text)
        {
            if (!text.matches("[0-9]{1,9}"))
            {
                throw new ConfigException("count", text, "not a whole number", "0 to 999999999");
            }
            return Integer.valueOf(text);
        }
    }
}

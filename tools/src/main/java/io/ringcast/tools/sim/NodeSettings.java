package io.ringcast.tools.sim;

import io.ringcast.config.HostPort;
import java.nio.file.Path;

/**
 * How a {@link SimulatedNode} behaves.
 * Immutable.
 *
 * @param listen           where it listens; port 0 lets the system choose.
 * @param headsPerSecond   blocks mined by themselves; 0 for none.
 * @param pendingPerSecond transactions made up by themselves; 0 for none.
 * @param reorgEveryHeads  after how many blocks a reorg happens by itself; 0 for never.
 * @param reorgDepth       blocks that such a reorg abandons.
 * @param oldGethFrames    whether messages come in fragments of 1 KiB and end in a newline, as from geth up to 1.17.3.
 * @param unsentLimitBytes a client with more than this unsent is closed.
 * @param chain            what the chain is made of.
 * @param ipc              the path of a Unix domain socket beside the address; null for none.
 * @param pushes           whether it knows {@code eth_subscribe}.
 * @param delayMs          how much later than the chain it knows and tells of a block, at the most; the half of it at
 *                         the least. 0 for at once.
 */
public record NodeSettings(
    HostPort listen,
    double headsPerSecond,
    double pendingPerSecond,
    int reorgEveryHeads,
    int reorgDepth,
    boolean oldGethFrames,
    int unsentLimitBytes,
    ChainSettings chain,
    Path ipc,
    boolean pushes,
    int delayMs)
{
    /** A loopback node on a port of the system's choice that does nothing by itself. */
    public static NodeSettings quiet()
    {
        return new NodeSettings(
            new HostPort("127.0.0.1", 0), 0, 0, 0, 2, false, 16 * 1024 * 1024, ChainSettings.defaults(),
            null, true, 0);
    }

    /** The same at another address. */
    public NodeSettings withListen(final HostPort address)
    {
        return new NodeSettings(address, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, oldGethFrames,
            unsentLimitBytes, chain, ipc, pushes, delayMs);
    }

    /** The same with other rates. */
    public NodeSettings withRates(final double newHeadsPerSecond, final double newPendingPerSecond)
    {
        return new NodeSettings(listen, newHeadsPerSecond, newPendingPerSecond, reorgEveryHeads, reorgDepth,
            oldGethFrames, unsentLimitBytes, chain, ipc, pushes, delayMs);
    }

    /** The same with a reorg of that depth after every so many blocks. */
    public NodeSettings withReorgs(final int everyHeads, final int depth)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, everyHeads, depth, oldGethFrames,
            unsentLimitBytes, chain, ipc, pushes, delayMs);
    }

    /** The same with the frames of old geth, or without. */
    public NodeSettings withOldGethFrames(final boolean isOld)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, isOld,
            unsentLimitBytes, chain, ipc, pushes, delayMs);
    }

    /** The same with another bound on unsent bytes. */
    public NodeSettings withUnsentLimitBytes(final int limitBytes)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, oldGethFrames,
            limitBytes, chain, ipc, pushes, delayMs);
    }

    /** The same with another chain. */
    public NodeSettings withChain(final ChainSettings newChain)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, oldGethFrames,
            unsentLimitBytes, newChain, ipc, pushes, delayMs);
    }

    /** The same that can be reached at a socket file too. */
    public NodeSettings withIpc(final Path path)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, oldGethFrames,
            unsentLimitBytes, chain, path, pushes, delayMs);
    }

    /** The same that knows {@code eth_subscribe}, or does not. */
    public NodeSettings withPush(final boolean isKnown)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, oldGethFrames,
            unsentLimitBytes, chain, ipc, isKnown, delayMs);
    }

    /** The same that is behind the chain. */
    public NodeSettings withDelayMs(final int behindMs)
    {
        return new NodeSettings(listen, headsPerSecond, pendingPerSecond, reorgEveryHeads, reorgDepth, oldGethFrames,
            unsentLimitBytes, chain, ipc, pushes, behindMs);
    }
}

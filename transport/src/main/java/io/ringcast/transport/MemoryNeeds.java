package io.ringcast.transport;

import io.netty.util.internal.PlatformDependent;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.egress.EgressLoop;
import io.ringcast.egress.OwnFigures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the limits let a relay take at the worst, beside what the JVM has: one that keeps all its bounds and runs out of
 * memory all the same would have told its operator nothing. A network's stages stand in the heap twice while a
 * checkpoint is made; that is not in it, since none is made unless there is room.
 * Immutable.
 */
final class MemoryNeeds
{
    private static final Logger LOGGER = LoggerFactory.getLogger(MemoryNeeds.class);
    private static final long MIB = 1024 * 1024;
    private static final long SLOT_BYTES = 16 * 1024;
    private static final long CONNECTION_BYTES = 3 * 1024;
    /** As many full batches as encode keeps answers for; see AnswerEncoder. */
    private static final long FULL_BATCHES = 8;
    /** The ids of an upstream's subscriptions, and its items that come before these are confirmed. */
    private static final long LANE_BYTES = 36 * MIB;
    /** What slow clients keep of chunks, for each byte that is counted; see KeptBytes. */
    private static final long KEPT_FOR_UNSENT = 2;
    private static final int HISTORY_FEED_SHARE = 4;
    private static final int NAMED = 3;

    /** In bytes, by the setting that bounds it. */
    private final Map<String, Long> heap = new LinkedHashMap<>();
    private final Map<String, Long> direct = new LinkedHashMap<>();

    private MemoryNeeds()
    {
    }

    /**
     * Adds up what the limits allow.
     *
     * @param config    has them.
     * @param ioThreads how many I/O loops there are.
     * @return what is needed.
     */
    static MemoryNeeds of(final RelayConfig config, final int ioThreads)
    {
        final MemoryNeeds needs = new MemoryNeeds();
        final LimitsConfig limits = config.limits();
        final long networks = config.networks().size();
        final long lanes = config.networks().stream().mapToLong(network -> network.upstreams().size()).sum();
        needs.heap.put("unfinishedBytes", 2 * limits.unfinishedBytes());
        needs.heap.put("upstreamMessageBytes", lanes * limits.upstreamMessageBytes());
        needs.heap.put("batchResponseBytes", networks * FULL_BATCHES * limits.batchResponseBytes());
        needs.heap.put("polledBytesTogether", networks * limits.polledBytesTogether());
        needs.heap.put("historyBytes", networks * withPages(config.delivery().historyBytes()));
        needs.heap.put("reorgHistoryBytes", networks * limits.reorgHistoryBytes());
        needs.heap.put("heldTextBytes", networks * limits.heldTextBytes());
        needs.heap.put("ringSlots", networks * SLOT_BYTES * config.ringSlots());
        needs.heap.put("upstreams", lanes * LANE_BYTES);
        needs.heap.put("connections", CONNECTION_BYTES * limits.connections());
        needs.heap.put("ioThreads", networks * ioThreads * EgressLoop.LIMIT_MEASURED * OwnFigures.BYTES);
        needs.heap.put("cacheBytes", networks * limits.cacheBytes());
        needs.direct.put("unsentBytes", KEPT_FOR_UNSENT * limits.unsentBytes());
        needs.direct.put("unfinishedBytes", (1 + lanes) * limits.unfinishedBytes());
        needs.direct.put("upstreamUnsentBytes", lanes * limits.upstreamUnsentBytes());
        return needs;
    }

    /** What is read of the past takes as much again as one feed's history. */
    private static long withPages(final long historyBytes)
    {
        return historyBytes + historyBytes / HISTORY_FEED_SHARE;
    }

    /** Says in the log what this JVM can't give. */
    void warn()
    {
        warnings(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()).forEach(LOGGER::warn);
    }

    /**
     * Compares.
     *
     * @param maxHeapBytes   the most that the heap may become.
     * @param maxDirectBytes the most that buffers outside the heap may take together.
     * @return a line for each of the two that is too small.
     */
    List<String> warnings(final long maxHeapBytes, final long maxDirectBytes)
    {
        final List<String> lines = new ArrayList<>();
        compare("heap", "-Xmx", heap, maxHeapBytes, lines);
        compare("direct memory", "-XX:MaxDirectMemorySize", direct, maxDirectBytes, lines);
        return lines;
    }

    private static void compare(
        final String what, final String flag, final Map<String, Long> needs, final long maxBytes,
        final List<String> lines)
    {
        final long neededBytes = needs.values().stream().mapToLong(Long::longValue).sum();
        if (neededBytes <= maxBytes)
        {
            return;
        }
        final String largest = needs.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(NAMED)
            .map(need -> need.getKey() + " (" + need.getValue() / MIB + ")")
            .collect(Collectors.joining(", "));
        lines.add("the limits allow " + neededBytes / MIB + " MiB of " + what + " at the worst, and " + flag +
            " gives " + maxBytes / MIB + ": raise it, or lower " + largest +
            " and what else docs/operations.md, Sizing memory, names");
    }
}

package io.ringcast.tools.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a complete stream of one chain looks like: each head once as it becomes canonical; its logs in order; at a
 * reorg the logs of the abandoned blocks again, in reverse, before those of the new branch. Confined to one thread.
 *
 * <p>It is told heads in the order in which the chain made them, and each block's logs before its head.
 */
public final class CanonicalStream
{
    private record Block(String hash, String parentHash, List<String> logs)
    {
    }

    private final Map<String, List<String>> logsByBlock = new HashMap<>();
    private final Deque<Block> canonical = new ArrayDeque<>();
    private final List<String> heads = new ArrayList<>();
    private final List<String> logs = new ArrayList<>();

    public void onLog(final String blockHash, final String logIndex)
    {
        logsByBlock.computeIfAbsent(blockHash, hash -> new ArrayList<>()).add(blockHash + " " + logIndex);
    }

    public void onHead(final String hash, final String parentHash)
    {
        while (!canonical.isEmpty() && !canonical.peekLast().hash.equals(parentHash))
        {
            final List<String> removed = canonical.removeLast().logs;
            for (int i = removed.size() - 1; i >= 0; i--)
            {
                logs.add(removed.get(i) + " removed");
            }
        }
        final List<String> own = logsByBlock.getOrDefault(hash, List.of());
        canonical.addLast(new Block(hash, parentHash, own));
        heads.add(hash);
        logs.addAll(own);
    }

    /** The hashes of all heads, in order. */
    public List<String> heads()
    {
        return heads;
    }

    /** Block hash and index of all logs, in order; {@code removed} behind those that were taken back. */
    public List<String> logs()
    {
        return logs;
    }
}

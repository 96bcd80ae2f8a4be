package io.ringcast.lane;

import io.ringcast.law.Member;

import java.util.LinkedList;

/** What a node of the made-up chain answers, which knows the blocks up to a tip. Confined to the test's thread. */
final class SimAnswers
{
    private final SimTruth truth;

    SimAnswers(final SimTruth truth)
    {
        this.truth = truth;
    }

    /**
     * Answers a call.
     *
     * @param newestTip the last tip that the node knows; -1 if it knows none.
     */
    byte[] answer(final int newestTip, final String call)
    {
        if (call.contains("fromBlock"))
        {
            return logsBetween(newestTip, bound(call, "fromBlock"), bound(call, "toBlock"));
        }
        if (call.contains("eth_getLogs"))
        {
            final SimBlock block = known(newestTip, Member.of(call, "blockHash"));
            return SimBlock.text(block == null ? "null" : "[" + String.join(",", block.logs) + "]");
        }
        final String wanted = call.replaceAll(".*\\[\"|\",false\\]", "");
        SimBlock block = null;
        if (wanted.length() == 66)
        {
            block = known(newestTip, wanted);
        }
        else if (newestTip >= 0)
        {
            block = truth.tips.get(newestTip);
            while (block != null && wanted.startsWith("0x") && block.number != Long.decode(wanted))
            {
                block = block.parent;
            }
        }
        return block == null ? SimBlock.text("null") : block.block();
    }

    private static long bound(final String call, final String name)
    {
        return Long.decode(Member.of(call, name));
    }

    private byte[] logsBetween(final int newestTip, final long first, final long last)
    {
        final LinkedList<String> found = new LinkedList<>();
        SimBlock block = newestTip < 0 ? null : truth.tips.get(newestTip);
        for (; block != null && block.number >= first; block = block.parent)
        {
            if (block.number <= last)
            {
                found.addAll(0, block.logs);
            }
        }
        return SimBlock.text("[" + String.join(",", found) + "]");
    }

    private SimBlock known(final int newestTip, final String hash)
    {
        final SimBlock block = truth.blocks.get(hash);
        for (int i = 0; i <= newestTip && block != null; i++)
        {
            if (block.isAncestorOf(truth.tips.get(i)))
            {
                return block;
            }
        }
        return null;
    }
}

package io.ringcast.lane;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One block of a made-up chain. Immutable once the truth is made. */
final class SimBlock
{
    final SimBlock parent;
    final long number;
    final String hash;
    final String name;
    final List<String> logs = new ArrayList<>();
    private final boolean hasLogs;

    SimBlock(
        final SimBlock parent, final long number, final int serial, final int logCount, final boolean isFiltered)
    {
        this.parent = parent;
        this.number = number;
        name = number + "#" + serial;
        final long mixed = (serial + 1) * 0x9E3779B97F4A7C15L;
        hash = "0x" + String.format("%016x", mixed ^ mixed >>> 29) + String.format("%048x", serial);
        hasLogs = logCount > 0;
        for (int i = 0; i < logCount; i += isFiltered ? 3 : 1)
        {
            logs.add("{\"address\":\"0x" + String.format("%040x", i % 3) + "\",\"topics\":[],\"data\":\"0x\"," +
                "\"blockNumber\":\"0x" + Long.toHexString(number) + "\",\"blockHash\":\"" + hash +
                "\",\"logIndex\":\"0x" + Integer.toHexString(i) + "\",\"removed\":false}");
        }
    }

    byte[] header()
    {
        return text("{\"parentHash\":\"" + parentHash() + "\",\"logsBloom\":\"0x0" + (hasLogs ? "1" : "0") +
            "0\",\"number\":\"0x" + Long.toHexString(number) + "\",\"hash\":\"" + hash + "\"}");
    }

    byte[] block()
    {
        return text("{\"hash\":\"" + hash + "\",\"number\":\"0x" + Long.toHexString(number) +
            "\",\"logsBloom\":\"0x0" + (hasLogs ? "1" : "0") + "0\",\"size\":\"0x1\",\"transactions\":[]," +
            "\"parentHash\":\"" + parentHash() + "\"}");
    }

    /** How far a block is from this one, if it is an ancestor. */
    boolean isAncestorOf(final SimBlock other)
    {
        SimBlock block = other;
        while (block != null && block.number > number)
        {
            block = block.parent;
        }
        return block == this;
    }

    /** From behind the common ancestor to the other block. */
    List<SimBlock> pathTo(final SimBlock other)
    {
        final List<SimBlock> path = new ArrayList<>();
        SimBlock block = other;
        while (block != null && !block.isAncestorOf(this))
        {
            path.add(0, block);
            block = block.parent;
        }
        return path;
    }

    private String parentHash()
    {
        return parent == null ? "0x" + "0".repeat(64) : parent.hash;
    }

    static byte[] text(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString()
    {
        return name;
    }
}

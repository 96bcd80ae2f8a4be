package io.ringcast.encode;

import io.ringcast.session.ItemStamp;
import io.ringcast.session.StageClock;
import io.ringcast.session.Stamping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what stands beside an item for those who asked for it.
 * Confined to the pipeline thread that runs encode.
 *
 * <pre>
 *   ,"relay":{"e":"0k3f9az","q":88122,"c":"1234567:9f3a00c1d2e3f405:41",
 *     "t":{"src":"1755859200000000000","rx":"…","pub":"…","tx":"…"},"clk":{"sync":"ptp","errNs":350},
 *     "feed":"reth-a","seen":1,"repaired":true,"m":[0,3],"r":1,"lost":{"n":37,"from":9083,"to":9119,"why":"age"},
 *     "merged":6}
 * </pre>
 *
 * What was read from an upstream for one subscriber has {@code "phase":"history"} in place of {@code e} and {@code q}.
 * What is not known, or says nothing, is left out. Nanoseconds pass 2^53, so they travel as strings.
 */
final class RelayMember
{
    private static final byte[] START = ascii(",\"relay\":{");
    private static final byte[] PAST = ascii("\"phase\":\"history\"");
    private static final byte[] EPOCH = ascii("\"e\":\"");
    private static final byte[] SEQUENCE = ascii("\",\"q\":");
    private static final byte[] CURSOR = ascii(",\"c\":\"");
    private static final byte[] TIMES = ascii(",\"t\":{");
    private static final byte[] SOURCE = ascii("\"src\":\"");
    private static final byte[] RECEIVED = ascii("\"rx\":\"");
    private static final byte[] PUBLISHED = ascii("\",\"pub\":\"");
    private static final byte[] ENCODED = ascii("\",\"tx\":\"");
    private static final byte[] TIMES_END = ascii("\"}");
    private static final byte[] NEXT = ascii("\",");
    private static final byte[] FEED = ascii(",\"feed\":");
    private static final byte[] SEEN = ascii(",\"seen\":");
    private static final byte[] REPAIRED = ascii(",\"repaired\":true");
    private static final byte[] REORG = ascii("\"reorg\":");
    private static final byte[] BLOCK = ascii("\"blk\":\"0x");
    private static final byte[] ORDER_INDEX = ascii("\",\"i\":");
    private static final byte[] ORDER_COUNT = ascii(",\"n\":");
    private static final byte[] ORDER_END = ascii(",\"end\":true");
    private static final byte[] ORDER_MORE = ascii(",\"end\":false");
    private static final byte[] MATCHED = ascii("\"m\":[");
    private static final byte[] REPLAYED = ascii("\"r\":1");
    private static final byte[] LOST = ascii("\"lost\":{\"n\":");
    private static final byte[] LOST_FROM = ascii(",\"from\":");
    private static final byte[] LOST_TO = ascii(",\"to\":");
    private static final byte[] LOST_WHY = ascii(",\"why\":\"");
    private static final byte[] LOST_END = ascii("\"}");
    private static final byte[] MERGED = ascii("\"merged\":");

    private final byte[] epoch;
    private final byte[][] laneNames;
    private final byte[] clockQuality;
    private final StageClock clock;
    private int startLength;

    /**
     * Creates it.
     *
     * @param beside what all stamps share.
     * @param clock  tells the time.
     */
    RelayMember(final Stamping beside, final StageClock clock)
    {
        epoch = ascii(beside.epoch());
        laneNames = beside.laneNames().stream().map(name -> ascii('"' + name + '"')).toArray(byte[][]::new);
        clockQuality = clockQuality(beside);
        this.clock = clock;
    }

    /** What the operator has said of the machine's clock; nothing, if nothing. */
    private static byte[] clockQuality(final Stamping beside)
    {
        final List<String> members = new ArrayList<>();
        if (!beside.clockSync().isEmpty())
        {
            members.add("\"sync\":\"" + beside.clockSync() + '"');
        }
        if (beside.clockErrorNs() > 0)
        {
            members.add("\"errNs\":" + beside.clockErrorNs());
        }
        return ascii(members.isEmpty() ? "" : ",\"clk\":{" + String.join(",", members) + '}');
    }

    /**
     * Writes the member.
     *
     * @param isStamped whether sequence, cursor and times are wanted.
     * @param sequence  the item's number.
     * @param stamp     what is known of it.
     * @param out       takes the text behind what it has; nothing, if there is nothing to say.
     */
    void write(final boolean isStamped, final long sequence, final ItemStamp stamp, final TextBuffer out)
    {
        final int before = out.length();
        out.put(START);
        startLength = out.length();
        if (isStamped && !stamp.isEmptyMark)
        {
            writeStamps(sequence, stamp, out);
        }
        if (stamp.orderNumber != ItemStamp.NO_BLOCK)
        {
            writeOrder(stamp, out);
        }
        writeMatched(stamp.matchedFilters, out);
        if (isStamped)
        {
            writeDelivery(stamp, out);
        }
        if (out.length() == startLength)
        {
            out.truncate(before);
        }
        else
        {
            out.put((byte)'}');
        }
    }

    private void writeStamps(final long sequence, final ItemStamp stamp, final TextBuffer out)
    {
        if (stamp.isPast)
        {
            out.put(PAST);
        }
        else
        {
            out.put(EPOCH);
            out.put(epoch);
            out.put(SEQUENCE);
            out.putDecimal(sequence);
        }
        if (stamp.blockNumber != ItemStamp.NO_BLOCK)
        {
            out.put(CURSOR);
            out.putDecimal(stamp.blockNumber);
            out.put((byte)':');
            out.putHex(stamp.hashStart);
            out.put((byte)':');
            out.putDecimal(stamp.itemIndex);
            out.put((byte)'"');
        }
        out.put(TIMES);
        if (stamp.sourceEpochNs > 0)
        {
            out.put(SOURCE);
            out.putDecimal(stamp.sourceEpochNs);
            out.put(NEXT);
        }
        out.put(RECEIVED);
        out.putDecimal(clock.toEpochNs(stamp.receivedAtNs));
        if (!stamp.isKept)
        {
            out.put(PUBLISHED);
            out.putDecimal(clock.toEpochNs(stamp.publishedAtNs));
        }
        out.put(ENCODED);
        out.putDecimal(clock.toEpochNs(clock.nowNs()));
        out.put(TIMES_END);
        out.put(clockQuality);
        if (stamp.laneIndex != ItemStamp.NO_LANE)
        {
            out.put(FEED);
            out.put(laneNames[stamp.laneIndex]);
        }
        if (stamp.seenCount > 0)
        {
            out.put(SEEN);
            out.putDecimal(stamp.seenCount);
        }
        if (stamp.isRepaired)
        {
            out.put(REPAIRED);
        }
    }

    private void writeOrder(final ItemStamp stamp, final TextBuffer out)
    {
        if (stamp.reorg != null)
        {
            begin(REORG, out);
            out.put(stamp.reorg);
        }
        begin(BLOCK, out);
        out.putAscii(Long.toHexString(stamp.orderNumber));
        out.put(ORDER_INDEX);
        out.putDecimal(stamp.orderIndex);
        out.put(ORDER_COUNT);
        out.putDecimal(stamp.orderCount);
        out.put(stamp.orderIndex + 1 >= stamp.orderCount ? ORDER_END : ORDER_MORE);
    }

    private void writeMatched(final long matchedFilters, final TextBuffer out)
    {
        if (matchedFilters == 0)
        {
            return;
        }
        begin(MATCHED, out);
        boolean isFirst = true;
        for (long left = matchedFilters; left != 0; left &= left - 1)
        {
            if (!isFirst)
            {
                out.put((byte)',');
            }
            isFirst = false;
            out.putDecimal(Long.numberOfTrailingZeros(left));
        }
        out.put((byte)']');
    }

    private void writeDelivery(final ItemStamp stamp, final TextBuffer out)
    {
        if (stamp.isReplayed)
        {
            begin(REPLAYED, out);
        }
        if (stamp.lostCount > 0)
        {
            begin(LOST, out);
            out.putDecimal(stamp.lostCount);
            out.put(LOST_FROM);
            out.putDecimal(stamp.lostFrom);
            out.put(LOST_TO);
            out.putDecimal(stamp.lostFrom + stamp.lostCount - 1);
            out.put(LOST_WHY);
            out.putAscii(stamp.lostWhy);
            out.put(LOST_END);
        }
        if (stamp.mergedCount > 0)
        {
            begin(MERGED, out);
            out.putDecimal(stamp.mergedCount);
        }
    }

    private void begin(final byte[] member, final TextBuffer out)
    {
        if (out.length() > startLength)
        {
            out.put((byte)',');
        }
        out.put(member);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package io.ringcast.egress;

import org.HdrHistogram.IntCountsHistogram;

import java.util.Locale;

/**
 * What one connection has asked to be measured: how long its own items take, and when its turn comes.
 * Confined to the I/O loop that owns the connection.
 *
 * <p>Figures are of the last half minute to a minute: two windows, of which the older is forgotten every
 * {@value #WINDOW_NS} ns. They are within 7 % of the truth: many may be measured at once, and each takes
 * {@value #BYTES} bytes of heap at most.
 */
public final class OwnFigures
{
    /** What one connection's figures take at most, in bytes. */
    public static final int BYTES = 12 * 1024;

    static final long WINDOW_NS = 30_000_000_000L;
    /** Figures that nobody has asked for in this time are let go of. */
    static final long UNASKED_NS = 4 * WINDOW_NS;
    private static final long MAX_NS = 60_000_000_000L;
    /** Below this, times are not told apart: as many as a tenth of a microsecond, which is what is spelled. */
    private static final long MIN_NS = 128;
    private static final int DIGITS = 1;

    /** One window. */
    private static final class Window
    {
        private final IntCountsHistogram takenNs = new IntCountsHistogram(MIN_NS, MAX_NS, DIGITS);
        private final IntCountsHistogram writtenNs = new IntCountsHistogram(MIN_NS, MAX_NS, DIGITS);
        private double rankSum;
        private long rankCount;

        void clear()
        {
            takenNs.reset();
            writtenNs.reset();
            rankSum = 0;
            rankCount = 0;
        }
    }

    private Window current = new Window();
    private Window previous = new Window();
    private long currentSinceNs;
    private long askedAtNs;

    OwnFigures(final long nowNs)
    {
        currentSinceNs = nowNs;
        askedAtNs = nowNs;
    }

    void onAsked(final long nowNs)
    {
        askedAtNs = nowNs;
    }

    boolean isUnasked(final long nowNs)
    {
        return nowNs - askedAtNs >= UNASKED_NS;
    }

    /**
     * Items have left.
     *
     * @param receivedAtNs when the oldest of them was read from its upstream.
     * @param takenAtNs    when the loop began with what was published.
     * @param writtenAtNs  when the write returned.
     * @param items        how many they are.
     */
    public void onDelivered(
        final long receivedAtNs, final long takenAtNs, final long writtenAtNs, final int items)
    {
        rotate(writtenAtNs);
        final long untilTakenNs = Math.max(0, Math.min(takenAtNs - receivedAtNs, writtenAtNs - receivedAtNs));
        current.takenNs.recordValueWithCount(Math.min(MAX_NS, untilTakenNs), items);
        current.writtenNs.recordValueWithCount(
            Math.max(0, Math.min(MAX_NS, writtenAtNs - receivedAtNs - untilTakenNs)), items);
    }

    /** A run went out, to this connection as the one at a place of so many. */
    void onRank(final int place, final int count)
    {
        current.rankSum += (place + 0.5) / count;
        current.rankCount++;
    }

    /**
     * Spells the figures.
     *
     * @param nowNs the time.
     * @return members of a JSON object; null where there is no figure.
     */
    public String toJson(final long nowNs)
    {
        rotate(nowNs);
        final IntCountsHistogram taken = sum(current.takenNs, previous.takenNs);
        final IntCountsHistogram written = sum(current.writtenNs, previous.writtenNs);
        final long ranks = current.rankCount + previous.rankCount;
        return "\"rx2pub_us\":" + spell(taken) + ",\"pub2write_us\":" + spell(written) + ",\"rank\":{\"mean\":" +
            (ranks == 0 ? "null" : decimal("%.3f", (current.rankSum + previous.rankSum) / ranks)) + ",\"n\":" + ranks +
            '}';
    }

    private void rotate(final long nowNs)
    {
        final long passedNs = nowNs - currentSinceNs;
        if (passedNs < WINDOW_NS)
        {
            return;
        }
        final Window oldest = previous;
        previous = current;
        current = oldest;
        current.clear();
        if (passedNs >= 2 * WINDOW_NS)
        {
            previous.clear();
        }
        currentSinceNs = nowNs;
    }

    private static IntCountsHistogram sum(final IntCountsHistogram first, final IntCountsHistogram second)
    {
        final IntCountsHistogram both = first.copy();
        both.add(second);
        return both;
    }

    private static String spell(final IntCountsHistogram histogram)
    {
        return histogram.getTotalCount() == 0 ? "null" :
            "{\"p50\":" + micros(histogram.getValueAtPercentile(50)) + ",\"p99\":" +
            micros(histogram.getValueAtPercentile(99)) + ",\"max\":" + micros(histogram.getMaxValue()) + '}';
    }

    private static String micros(final long ns)
    {
        return decimal("%.1f", ns / 1_000.0);
    }

    private static String decimal(final String format, final double value)
    {
        return String.format(Locale.ROOT, format, value);
    }
}

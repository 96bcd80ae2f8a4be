package io.ringcast.pipeline;

import io.ringcast.image.ImageFormatException;
import org.agrona.collections.LongHashSet;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Where a pipeline stands beside its stages, as numbers.
 * Any thread.
 *
 * <pre>
 *   next slot, time of the last; how many words of upstreams that are up, the words;
 *   how many loops, the last serial of each; the open connections in order
 * </pre>
 */
final class PipelinePosition
{
    private static final int FIXED_NUMBERS = 4;

    private PipelinePosition()
    {
    }

    static long[] write(
        final long nextSlot, final long lastNs, final BitSet upLanes, final long[] lastSerials,
        final LongHashSet openConnections)
    {
        final long[] lanes = upLanes.toLongArray();
        final long[] connections = openConnections.stream().mapToLong(Long::longValue).sorted().toArray();
        final long[] numbers = new long[FIXED_NUMBERS + lanes.length + lastSerials.length + connections.length];
        numbers[0] = nextSlot;
        numbers[1] = lastNs;
        numbers[2] = lanes.length;
        numbers[3] = lastSerials.length;
        System.arraycopy(lanes, 0, numbers, FIXED_NUMBERS, lanes.length);
        System.arraycopy(lastSerials, 0, numbers, FIXED_NUMBERS + lanes.length, lastSerials.length);
        System.arraycopy(
            connections, 0, numbers, FIXED_NUMBERS + lanes.length + lastSerials.length, connections.length);
        return numbers;
    }

    static long nextSlot(final long[] numbers)
    {
        check(numbers.length >= FIXED_NUMBERS && numbers[0] >= 0);
        return numbers[0];
    }

    /** Returns the time of the last slot. */
    static long read(
        final long[] numbers, final BitSet upLanes, final long[] lastSerials, final LongHashSet openConnections)
    {
        final long lanes = numbers[2];
        check(lanes >= 0 && lanes <= numbers.length && numbers[3] == lastSerials.length &&
            FIXED_NUMBERS + lanes + lastSerials.length <= numbers.length);
        final int serials = FIXED_NUMBERS + (int)lanes;
        upLanes.or(BitSet.valueOf(Arrays.copyOfRange(numbers, FIXED_NUMBERS, serials)));
        System.arraycopy(numbers, serials, lastSerials, 0, lastSerials.length);
        for (int i = serials + lastSerials.length; i < numbers.length; i++)
        {
            openConnections.add(numbers[i]);
        }
        return numbers[1];
    }

    private static void check(final boolean isFit)
    {
        if (!isFit)
        {
            throw new ImageFormatException("an image without a position");
        }
    }
}

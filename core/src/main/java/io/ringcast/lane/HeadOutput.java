package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.Arrays;

/**
 * Publishes heads: appends them to the log and hands their texts on.
 * Confined to the thread that runs match.
 *
 * <p>The head that the slot in work has brought goes out from the slot's own bytes; what was kept is copied, since its
 * place may be written anew before the slot is encoded.
 */
final class HeadOutput
{
    private final CounterSet counters;
    private final HeadSink sink;
    private final HeadLog log;
    private final LaneWatch watch;
    private Head slotHead;
    private byte[] slotBytes;
    private int slotOffset;
    private int slotLength;

    HeadOutput(
        final CounterSet counters, final HeadSink sink, final HeadLog log, final LaneWatch watch)
    {
        this.counters = counters;
        this.sink = sink;
        this.log = log;
        this.watch = watch;
    }

    /** The slot in work brings a head; its bytes stay unchanged until it has been encoded. */
    void beginSlot(final Head head, final byte[] bytes, final int offset, final int length)
    {
        slotHead = head;
        slotBytes = bytes;
        slotOffset = offset;
        slotLength = length;
    }

    void endSlot()
    {
        slotHead = null;
        slotBytes = null;
    }

    /** Publishes the way from the chain to a lane's head, which is the way's last element. */
    void publishPath(final HeadPath path, final HeadLane lane, final long nowNs)
    {
        lane.isRepairing = false;
        // What lies between has been told by others, or was fetched since nobody had.
        long missing = log.saidBetween(lane.cursor, log.end());
        for (int i = path.length() - 1; i > 0; i--)
        {
            missing += path.get(i).isFetched ? 1 : 0;
            publish(path.get(i), HeadLog.NO_LANE, nowNs);
        }
        lane.score.missing += lane.hasAgreed ? missing : 0;
        publishRoot(path.get(0), lane, nowNs);
    }

    /** Publishes a lane's head by itself. */
    void publishRoot(final Head head, final HeadLane lane, final long nowNs)
    {
        publish(head, lane.index, nowNs);
        lane.score.wins++;
        lane.agreeAtEnd(head, log.end(), nowNs);
    }

    private void publish(final Head head, final int laneIndex, final long nowNs)
    {
        watch.onPublished(nowNs);
        if (log.append(head, laneIndex, nowNs))
        {
            counters.increment(RelayCounter.REORGS);
        }
        if (head.isFetched)
        {
            counters.increment(RelayCounter.HEADS_REPAIRED);
        }
        if (head == slotHead)
        {
            sink.onHead(head, slotBytes, slotOffset, slotLength);
        }
        else
        {
            sink.onHead(head, Arrays.copyOf(head.bytes, head.length), 0, head.length);
        }
    }
}

package io.ringcast.transport.upstream;

import io.ringcast.frame.ReceivedFrame;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.transport.loop.NetworkLoop;

import java.util.ArrayDeque;

/**
 * Texts for the ring that did not come off one socket in order: answers to POSTs, and what the relay itself says in an
 * upstream's place. While the ring is full they wait here.
 * Confined to the I/O loop of the upstream.
 *
 * <p>What waits is bounded by whoever fills it: nothing is asked and no call is sent while {@link #isFull()}, so it is
 * at most what the calls then under way are answered with.
 */
final class LaneInbox implements ReadGate
{
    private record Waiting(ReceivedFrame text, long readAtNs)
    {
    }

    private final NetworkLoop loop;
    private final int laneIndex;
    private final Runnable afterOpen;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean isEnded;

    LaneInbox(final NetworkLoop loop, final int laneIndex, final Runnable afterOpen)
    {
        this.loop = loop;
        this.laneIndex = laneIndex;
        this.afterOpen = afterOpen;
    }

    /**
     * Takes a text.
     *
     * @param text the decoded text; owned by this call.
     */
    void add(final ReceivedFrame text)
    {
        final long nowNs = System.nanoTime();
        if (isEnded)
        {
            loop.publisher().giveFrame(text);
        }
        else if (!waiting.isEmpty())
        {
            waiting.add(new Waiting(text, nowNs));
        }
        else if (!tryPublish(text, nowNs))
        {
            waiting.add(new Waiting(text, nowNs));
            loop.publisher().awaitSpaceForUpstream(this);
        }
    }

    /** True while texts wait for space in the ring. */
    boolean isFull()
    {
        return !waiting.isEmpty();
    }

    @Override
    public void open()
    {
        if (isEnded)
        {
            return;
        }
        for (Waiting next = waiting.peek(); next != null; next = waiting.peek())
        {
            if (!tryPublish(next.text, next.readAtNs))
            {
                loop.publisher().awaitSpaceForUpstream(this);
                return;
            }
            waiting.poll();
        }
        afterOpen.run();
    }

    /** Gives back what waits and takes no more. Harmless twice. */
    void end()
    {
        isEnded = true;
        loop.publisher().forget(this);
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll())
        {
            loop.publisher().giveFrame(next.text);
        }
    }

    private boolean tryPublish(final ReceivedFrame text, final long readAtNs)
    {
        return !loop.isBehind() && loop.publisher().tryPublishUpstreamFrame(laneIndex, text, readAtNs);
    }
}

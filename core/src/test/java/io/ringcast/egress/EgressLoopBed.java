package io.ringcast.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.EgressAction;
import org.junit.jupiter.api.AfterEach;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A loop, what encode has written into one chunk, and outlets that note what they are told: for the tests of
 * {@link EgressLoop}, one class a subject. Confined to the test thread.
 */
abstract class EgressLoopBed
{
    static final long FALLBACK_NS = 250;
    /** A connection of the loop, as its id says too. */
    static final long BOB = ConnectionId.of(2, 0);

    final CounterSet counters = new CounterSet();
    final EgressLoop loop = new EgressLoop(0, 1, FALLBACK_NS, counters);
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    final ByteBuf chunk = allocator.directBuffer(Backlog.LIMIT_BYTES * 3);
    /** Whose flush wrote something, in order. */
    final List<Long> flushed = new ArrayList<>();
    int expectedFailures;
    private final ActionList<EgressAction> actions = new ActionList<>(EgressAction::new);
    /** What actions have thrown. */
    private final List<Exception> failures = new ArrayList<>();
    private int written;

    @AfterEach
    void shouldHaveGivenBackTheChunk()
    {
        loop.close();
        assertEquals(0, heldBytes());
        chunk.release();
        assertEquals(expectedFailures, failures.size());
    }

    /** How much is held of the frames that were written, in copies or references to the chunk. */
    long heldBytes()
    {
        return allocator.metric().usedDirectMemory() - chunk.capacity() + chunk.refCnt() - 1;
    }

    NotingOutlet subscribed(final long connectionId, final int topicId)
    {
        final NotingOutlet outlet = new NotingOutlet(connectionId);
        loop.addConnection(outlet);
        open(outlet, topicId);
        act(0);
        return outlet;
    }

    NotingOutlet barred(final long connectionId, final int topicId)
    {
        final NotingOutlet outlet = new NotingOutlet(connectionId);
        outlet.hasBarrier = true;
        loop.addConnection(outlet);
        open(outlet, topicId);
        act(0);
        return outlet;
    }

    EgressAction open(final NotingOutlet outlet, final int topicId)
    {
        final EgressAction open = action(EgressAction.Kind.OPEN, outlet.connectionId(), topicId);
        open.options = DeliveryOptions.PLAIN;
        return open;
    }

    EgressAction action(final EgressAction.Kind kind, final long connectionId, final int topicId)
    {
        final EgressAction action = actions.add();
        action.kind = kind;
        action.connectionId = connectionId;
        action.topicId = topicId;
        return action;
    }

    void write(final long connectionId, final String text)
    {
        fill(action(EgressAction.Kind.WRITE, connectionId, 0), text);
    }

    void fanOut(final int topicId, final long sequence, final String text)
    {
        final EgressAction action = action(EgressAction.Kind.FAN_OUT, 0, topicId);
        action.sequence = sequence;
        fill(action, text);
    }

    void fanOut(final int topicId, final String text)
    {
        fill(action(EgressAction.Kind.FAN_OUT, 0, topicId), text);
    }

    /** Frames lie behind each other in the chunk, as encode writes them. */
    private void fill(final EgressAction action, final String text)
    {
        action.chunk = chunk;
        action.offset = written;
        action.length = text.length();
        chunk.setBytes(written, text.getBytes(StandardCharsets.US_ASCII));
        written += text.length();
    }

    void act(final long nowNs)
    {
        loop.onActions(actions, nowNs, failures::add);
        actions.clear();
    }

    /** Notes what it is told. Confined to the test's thread. */
    final class NotingOutlet extends Outlet
    {
        final List<String> noted = new ArrayList<>();
        boolean hasBarrier;
        boolean isThrowing;
        boolean isFailThrowing;
        boolean isRemovedByFail;
        boolean takesItems;
        boolean isRemovedByFlush;
        boolean isCongestedByFlush;
        final List<Long> handOuts = new ArrayList<>();
        List<Long> served = new ArrayList<>();
        long lastToken;

        NotingOutlet(final long connectionId)
        {
            super(connectionId);
        }

        @Override
        public void append(
            final ByteBuf bytes, final int offset, final int length, final long receivedAtNs, final int items)
        {
            if (isThrowing)
            {
                throw new IllegalStateException("a fault");
            }
            final String text = bytes.toString(offset, length, StandardCharsets.US_ASCII);
            noted.add(text + ":" + items + "@" + receivedAtNs);
        }

        @Override
        public void flush()
        {
            if (!noted.isEmpty() && !"flush".equals(noted.get(noted.size() - 1)))
            {
                noted.add("flush");
                flushed.add(connectionId());
            }
            if (isCongestedByFlush)
            {
                loop.onCongested(this);
            }
            if (isRemovedByFlush)
            {
                loop.removeConnection(this);
            }
        }

        @Override
        public boolean isFull()
        {
            return isCongestedByFlush;
        }

        @Override
        public void fail()
        {
            if (isFailThrowing)
            {
                throw new IllegalStateException("a fault");
            }
            noted.add("fail");
            if (isRemovedByFail)
            {
                loop.removeConnection(this);
            }
        }

        @Override
        public boolean takesItems()
        {
            return takesItems;
        }

        @Override
        public void onItem(
            final int topicId, final long sequence, final long handOut, final ByteBuf bytes, final int offset,
            final int length, final int frameOffset, final int frameLength)
        {
            if (isThrowing)
            {
                throw new IllegalStateException("a fault");
            }
            noted.add("item");
            handOuts.add(handOut);
            served.add(connectionId());
        }

        @Override
        public boolean hasBarrier()
        {
            return hasBarrier;
        }

        @Override
        public void ping(final long token)
        {
            lastToken = token;
        }
    }
}

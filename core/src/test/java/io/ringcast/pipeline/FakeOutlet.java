package io.ringcast.pipeline;

import io.netty.buffer.ByteBuf;
import io.ringcast.egress.Outlet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A connection that keeps the texts it is sent.
 * Confined to the test's thread.
 *
 * <p>It reads the bytes no sooner than at the flush, as a socket does, so bytes that were overwritten in between show.
 */
final class FakeOutlet extends Outlet
{
    /** How a ping stands among the texts. */
    static final String PING = "ping";

    private record Noted(ByteBuf chunk, int offset, int length)
    {
    }

    final Deque<String> received = new ArrayDeque<>();
    final boolean isUpstream;
    boolean hasBarrier = true;
    boolean isGone;
    long lastToken;
    /** How often the relay wanted this upstream's connection to be made anew. */
    int resets;
    /** The numbers of the pings among the texts that were not read yet, in their order. */
    final Deque<Long> pingTokens = new ArrayDeque<>();
    /** What its loop does when its figures are asked for. */
    IntConsumer onFiguresAsked = ticket -> { };
    /** What happens when its session goes on over another connection. */
    Runnable onTakenOver = () -> fail();
    /** What happens when it can't have what it needs any more. */
    Runnable onCutOff = () -> fail();
    /** Whether it counts the items of its one subscription that have no number, as its loop says. */
    boolean notesPast;
    int pastItems;
    int appends;
    int items;

    private final List<Noted> noted = new ArrayList<>();

    FakeOutlet(final long connectionId)
    {
        super(connectionId);
        isUpstream = connectionId == 0;
    }

    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int itemCount)
    {
        if (isGone)
        {
            throw new AssertionError("written to a connection that is gone");
        }
        appends++;
        items += itemCount;
        pastItems += notesPast && isPast(topicId(0)) ? itemCount : 0;
        noted.add(new Noted(chunk, offset, length));
    }

    @Override
    public void flush()
    {
        for (final Noted range : noted)
        {
            read(range);
        }
        noted.clear();
    }

    @Override
    public void fail()
    {
        if (!isUpstream)
        {
            throw new IllegalStateException("writing to it never throws");
        }
        resets++;
    }

    @Override
    public void cutOff()
    {
        onCutOff.run();
    }

    @Override
    protected void onFiguresAsked(final int ticket)
    {
        onFiguresAsked.accept(ticket);
    }

    @Override
    public void takeOver()
    {
        onTakenOver.run();
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
        pingTokens.add(token);
        received.add(PING);
    }

    private void read(final Noted range)
    {
        final byte[] bytes = new byte[range.length];
        range.chunk.getBytes(range.offset, bytes);
        if (isUpstream)
        {
            received.add(new String(bytes, StandardCharsets.UTF_8));
            return;
        }
        int position = 0;
        while (position < bytes.length)
        {
            position = readFrame(bytes, position);
        }
    }

    /** Refuses anything but a whole, final, unmasked text frame with the shortest header that fits. */
    private int readFrame(final byte[] bytes, final int start)
    {
        check(bytes[start] == (byte)0x81, "not a final text frame");
        int position = start + 2;
        long length = bytes[start + 1];
        check(length >= 0, "masked");
        final int lengthBytes = length == 127 ? 8 : length == 126 ? 2 : 0;
        if (lengthBytes > 0)
        {
            length = 0;
            for (int i = 0; i < lengthBytes; i++)
            {
                length = length << 8 | bytes[position++] & 0xFF;
            }
            check(length > (lengthBytes == 2 ? 125 : 65_535), "a longer header than the text needs");
        }
        check(length > 0 && position + length <= bytes.length, "the frame does not end with its bytes");
        received.add(new String(bytes, position, (int)length, StandardCharsets.UTF_8));
        return position + (int)length;
    }

    private static void check(final boolean isGood, final String complaint)
    {
        if (!isGood)
        {
            throw new AssertionError(complaint);
        }
    }
}

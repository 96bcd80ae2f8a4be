package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A subscriber to stamped items: finds the stamp where it was last time, records the latency, checks the sequence.
 * Confined to its event loop.
 */
final class Subscriber extends LoadConnection
{
    private static final byte[] PONG = "PONG".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Dialect dialect;
    private final String opening;
    private final SequenceCheck check;
    private int stampOffset;

    Subscriber(
        final ClientLoop loop, final LoadListener listener, final LoadTarget target, final LoadPlan plan,
        final int index)
    {
        super(loop, listener, target, path(target, plan.group(index)));
        dialect = target.dialect();
        opening = dialect == Dialect.NATS ? "CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1," +
            "\"lang\":\"java\",\"version\":\"1\"}\r\nSUB t." + plan.group(index) + " 1\r\nPING\r\n" :
            SubscribeCall.text(plan, index);
        check = plan.distinct() == 0 ? new SequenceCheck(1, 1) :
            new SequenceCheck(1 + plan.group(index), plan.distinct());
    }

    private static String path(final LoadTarget target, final int group)
    {
        return target.dialect() == Dialect.NCHAN ? target.path() + group : target.path();
    }

    SequenceCheck check()
    {
        return check;
    }

    @Override
    void onOpen()
    {
        switch (dialect)
        {
            case NATS:
                send(FrameScanner.BINARY, opening);
                break;

            case NCHAN:
                ready();
                break;

            default:
                send(FrameScanner.TEXT, opening);
                break;
        }
    }

    @Override
    public void onMessage(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        final int end = index + lengthBytes;
        int at = index + stampOffset;
        if (stampOffset == 0 || at + Stamp.LENGTH > end || !Stamp.isAt(bytes, at))
        {
            at = Stamp.find(bytes, index, end);
            if (at < 0)
            {
                onOther(bytes, index, end);
                return;
            }
            stampOffset = at - index;
        }
        onStamp(bytes, at);
        if (dialect.isPacked())
        {
            for (at = Stamp.find(bytes, at + Stamp.LENGTH, end); at >= 0;
                at = Stamp.find(bytes, at + Stamp.LENGTH, end))
            {
                onStamp(bytes, at);
            }
        }
    }

    private void onStamp(final ByteBuf bytes, final int at)
    {
        final long sequence = Stamp.sequence(bytes, at);
        check.onItem(sequence);
        if (loop().clock().isMeasured(sequence))
        {
            loop().onMeasured(System.nanoTime(), Stamp.scheduledNs(bytes, at));
        }
        loop().onItem(sequence);
    }

    private void onOther(final ByteBuf bytes, final int index, final int end)
    {
        if (dialect == Dialect.NATS)
        {
            if (Bytes.indexOf(bytes, index, end, PONG) >= 0)
            {
                ready();
            }
            else if (Bytes.indexOf(bytes, index, end, PING) >= 0)
            {
                send(FrameScanner.BINARY, "PONG\r\n");
            }
        }
        else
        {
            onAnswer(bytes, index, end);
        }
    }
}

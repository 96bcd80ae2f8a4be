package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A subscriber to items that somebody else sends: no stamp, so no latency, and order only by block numbers.
 * Confined to its event loop.
 */
final class StrangeSubscriber extends LoadConnection
{
    private static final byte[] ITEM = bytes("\"eth_subscription\"");

    private final LoadKind kind;
    private final String call;
    private final byte[] numberField;
    private final BlockCheck check = new BlockCheck();

    StrangeSubscriber(
        final ClientLoop loop, final LoadListener listener, final LoadTarget target, final LoadPlan plan,
        final int index)
    {
        super(loop, listener, target, target.path());
        kind = plan.kind();
        call = SubscribeCall.text(plan, index);
        numberField = bytes(kind == LoadKind.HEADS ? "\"number\":\"0x" : "\"blockNumber\":\"0x");
    }

    BlockCheck check()
    {
        return check;
    }

    @Override
    void onOpen()
    {
        send(FrameScanner.TEXT, call);
    }

    @Override
    public void onMessage(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        final int end = index + lengthBytes;
        if (Bytes.indexOf(bytes, index, end, ITEM) >= 0)
        {
            onItem(bytes, index, end);
        }
        else
        {
            onAnswer(bytes, index, end);
        }
    }

    private void onItem(final ByteBuf bytes, final int index, final int end)
    {
        final long nowNs = System.nanoTime();
        loop().onReceived();
        if (loop().clock().isMeasuredSince(nowNs))
        {
            loop().onMeasured(nowNs);
        }
        final int at = kind == LoadKind.PENDING ? -1 : Bytes.indexOf(bytes, index, end, numberField);
        if (at >= 0)
        {
            final long number = Bytes.hex(bytes, at + numberField.length, end);
            if (kind == LoadKind.HEADS)
            {
                check.onHead(number);
            }
            else
            {
                check.onLog(number);
            }
        }
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

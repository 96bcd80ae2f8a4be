package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import java.util.function.LongSupplier;

/**
 * One client that goes on behind an item. It is live when it has read the newest item that there is.
 * Confined to its event loop.
 */
final class ReturningClient extends LoadConnection
{
    private final String call;
    private final SequenceCheck check;
    private final LongSupplier newest;
    private final Runnable onLive;
    private boolean isLive;

    ReturningClient(
        final ClientLoop loop, final LoadListener listener, final LoadTarget target, final long lastSequence,
        final LongSupplier newest, final Runnable onLive)
    {
        super(loop, listener, target, target.path());
        this.newest = newest;
        this.onLive = onLive;
        check = new SequenceCheck(lastSequence + 1, 1);
        call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"," +
            "{\"relay\":{\"resume\":{\"c\":\"" + ItemTemplate.headCursor(lastSequence) + "\"}}}]}";
    }

    SequenceCheck check()
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
        final int at = Stamp.find(bytes, index, index + lengthBytes);
        if (at >= 0)
        {
            onItem(Stamp.sequence(bytes, at));
        }
        else
        {
            onAnswer(bytes, index, index + lengthBytes);
        }
    }

    private void onItem(final long sequence)
    {
        check.onItem(sequence);
        if (!isLive && sequence >= newest.getAsLong())
        {
            isLive = true;
            onLive.run();
        }
    }
}

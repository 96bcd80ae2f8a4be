package io.ringcast.transport;

import io.netty.buffer.ByteBuf;
import io.ringcast.egress.Outlet;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.session.EgressAction;
import io.ringcast.transport.door.FrameCursor;
import io.ringcast.transport.loop.NetworkLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * An in-process subscription: a connection without a socket that subscribes once.
 * Confined to its I/O loop, except {@link #granted()} and {@link #close()}: any thread.
 */
final class LocalOutlet extends Outlet implements LocalSubscription, ReadGate
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LocalOutlet.class);
    private static final int HEADER_16_BYTES = 4;
    /** What a socket would be closed with. */
    private static final int CODE_RESTART = 1012;
    private static final int CODE_SLOW = 4008;
    private static final int CODE_FAILED = 1011;

    private final NetworkLoop loop;
    private final ItemListener listener;
    private final CompletableFuture<String> granted = new CompletableFuture<>();
    private ReceivedFrame request;
    private boolean isGranted;
    private boolean isClosed;
    /** True once the listener gets nothing more. */
    private boolean isOver;

    LocalOutlet(final NetworkLoop loop, final long connectionId, final ItemListener listener)
    {
        super(connectionId);
        this.loop = loop;
        this.listener = listener;
    }

    void subscribe(final String method, final String params)
    {
        if (loop.tryRefuse())
        {
            isClosed = true;
            granted.completeExceptionally(new IllegalStateException(
                "back-pressured: the relay is held back, and too many connections have come and gone since"));
            return;
        }
        final byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}")
            .getBytes(StandardCharsets.UTF_8);
        request = loop.publisher().takeFrame();
        request.ensureWritable(text.length);
        System.arraycopy(text, 0, request.bytes, 0, text.length);
        request.length = text.length;
        loop.publisher().decode(request);
        loop.egress().addConnection(this);
        open();
    }

    @Override
    public void open()
    {
        if (isClosed || request == null)
        {
            return;
        }
        if (!loop.isBehind() &&
            loop.publisher().tryPublishClientFrame(connectionId(), request, System.nanoTime()))
        {
            request = null;
        }
        else
        {
            loop.publisher().awaitSpace(this);
        }
    }

    @Override
    public CompletionStage<String> granted()
    {
        return granted;
    }

    @Override
    public void close()
    {
        try
        {
            loop.eventLoop().execute(this::end);
        }
        catch (final RejectedExecutionException e)
        {
            // The relay is closed, and has ended this with everything else.
        }
    }

    @Override
    public void closeForRestart()
    {
        endByRelay(CODE_RESTART, "restart");
    }

    @Override
    public void cutOff()
    {
        if (!isClosed)
        {
            loop.counters().increment(RelayCounter.CLOSED_SLOW);
            endByRelay(CODE_SLOW, "slow");
        }
    }

    @Override
    public void fail()
    {
        endByRelay(CODE_FAILED, "failed");
    }

    /** The listener is told, as a client's socket is with a close frame: why, and where it may go on. */
    private void endByRelay(final int code, final String why)
    {
        final boolean isTold = isGranted && !isOver && !isClosed;
        final String text = "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" + code + ",\"message\":\"" + why + ";e=" +
            loop.epoch() + ";q=" + positions(',') + "\"}}";
        isOver = true;
        end();
        if (isTold)
        {
            try
            {
                listener.onEnd(text);
            }
            catch (final Throwable e)
            {
                onListenerFailed(e);
            }
        }
    }

    private void onListenerFailed(final Throwable fault)
    {
        LOGGER.error("an in-process subscriber failed and is closed", fault);
        loop.counters().increment(RelayCounter.LISTENER_FAILURES);
    }

    /** Harmless twice. */
    private void end()
    {
        if (!isClosed)
        {
            isClosed = true;
            loop.publisher().forget(this);
            loop.egress().removeConnection(this);
            loop.publishSurely(EventKind.CLIENT_CLOSED, connectionId(), 0);
            granted.completeExceptionally(new IllegalStateException("closed before it was granted"));
        }
    }

    /** The answer to the subscribe, as a WebSocket frame like everybody's. */
    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        final byte[] frame = new byte[length];
        chunk.getBytes(offset, frame);
        final int headerBytes = length - 2 < 126 ? 2 : HEADER_16_BYTES;
        final FrameView view = new FrameView();
        new FrameDecoder().decode(frame, headerBytes, length - headerBytes, view);
        final boolean isId = view.resultOffset != FrameView.ABSENT && frame[view.resultOffset] == '"';
        if (isId)
        {
            isGranted = true;
            granted.complete(new String(
                frame, view.resultOffset + 1, view.resultLength - 2, StandardCharsets.US_ASCII));
        }
        else
        {
            granted.completeExceptionally(new IllegalStateException(
                new String(frame, view.textOffset, view.textLength, StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void onItem(
        final int topicId, final long sequence, final long handOut, final ByteBuf chunk, final int offset,
        final int length, final int frameOffset, final int frameLength)
    {
        if (isOver || isClosed)
        {
            return;
        }
        try
        {
            if (length == EgressAction.NO_ITEM)
            {
                close();
                isOver = true;
                listener.onEnd(notification(chunk, frameOffset, frameLength));
                return;
            }
            listener.onItem(sequence, chunk, offset, length);
            loop.counters().increment(RelayCounter.DELIVERIES);
        }
        catch (final Throwable e)
        {
            // Thrown on, it would end this batch of the loop, and the next one would begin with the same item.
            onListenerFailed(e);
            isOver = true;
            close();
        }
    }

    private static String notification(final ByteBuf chunk, final int frameOffset, final int frameLength)
    {
        final FrameCursor cursor = new FrameCursor().wrap(chunk, frameOffset, frameLength);
        cursor.next();
        return chunk.toString(cursor.textOffset(), cursor.textLength(), StandardCharsets.UTF_8);
    }

    @Override
    public boolean takesItems()
    {
        return true;
    }

    @Override
    public void flush()
    {
        // Items and answers were handed over as they came.
    }
}

package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.ringcast.egress.Outlet;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.ReadGate;
import org.agrona.collections.Long2ObjectHashMap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes for this process to topics of a network's own: a connection without a socket.
 * Confined to its I/O loop, except {@link #checkPayload}: any thread.
 */
public final class LocalPublisher extends Outlet implements ReadGate
{
    /** What may wait for its number at once; beyond it a publish fails. */
    public static final int LIMIT_UNANSWERED = 1_024;

    private static final int SHORT_BYTES = 126;
    private static final int SHORT_HEADER_BYTES = 2;
    private static final int MEDIUM_HEADER_BYTES = 4;

    private final NetworkLoop loop;
    private final ArrayDeque<ReceivedFrame> unsent = new ArrayDeque<>();
    private final Long2ObjectHashMap<CompletableFuture<Long>> unanswered = new Long2ObjectHashMap<>();
    private long lastId;
    private boolean isGateClosed;
    private boolean isClosed;
    private boolean hasFailed;

    LocalPublisher(final NetworkLoop loop)
    {
        super(loop.nextProgramId());
        this.loop = loop;
        loop.egress().addConnection(this);
    }

    /**
     * Refuses what would be no param of a call: what is not one JSON value, or nests so deep that the call around it
     * is too deep.
     *
     * @param topic   a name.
     * @param payload any text.
     * @throws IllegalArgumentException if it is none.
     */
    public static void checkPayload(final String topic, final String payload)
    {
        final FrameView view = new FrameView();
        final byte[] array = ('[' + payload + ']').getBytes(StandardCharsets.UTF_8);
        new FrameDecoder().decode(array, 0, array.length, view);
        if (view.kind != FrameKind.BATCH || view.elementCount != 1)
        {
            throw new IllegalArgumentException("payload: want one JSON value");
        }
        final byte[] call = call(0, topic, payload);
        new FrameDecoder().decode(call, 0, call.length, view);
        if (view.kind != FrameKind.CALL)
        {
            throw new IllegalArgumentException("payload: in a call, " + view.refusal);
        }
    }

    /**
     * Publishes.
     *
     * @param topic   a name; what is none is refused by match.
     * @param payload one JSON value.
     * @param result  completes with the item's number, or with why there is none.
     */
    public void publish(final String topic, final String payload, final CompletableFuture<Long> result)
    {
        if (isClosed)
        {
            result.completeExceptionally(new IllegalStateException("the relay is closed"));
            return;
        }
        if (unanswered.size() >= LIMIT_UNANSWERED)
        {
            result.completeExceptionally(new IllegalStateException(
                "back-pressured: " + LIMIT_UNANSWERED + " publishes wait for their numbers"));
            return;
        }
        final long id = ++lastId;
        final byte[] text = call(id, topic, payload);
        final ReceivedFrame frame = loop.publisher().takeFrame();
        frame.ensureWritable(text.length);
        System.arraycopy(text, 0, frame.bytes, 0, text.length);
        frame.length = text.length;
        loop.publisher().decode(frame);
        unanswered.put(id, result);
        unsent.add(frame);
        if (!isGateClosed)
        {
            open();
        }
    }

    @Override
    public void open()
    {
        isGateClosed = false;
        while (!isClosed && !unsent.isEmpty())
        {
            if (loop.isBehind() ||
                !loop.publisher().tryPublishClientFrame(connectionId(), unsent.peekFirst(), System.nanoTime()))
            {
                isGateClosed = true;
                loop.publisher().awaitSpace(this);
                return;
            }
            unsent.pollFirst();
        }
    }

    /** Ends it with the relay. Harmless twice. */
    public void end()
    {
        end("the relay is closed");
    }

    private void end(final String reason)
    {
        if (!isClosed)
        {
            isClosed = true;
            loop.publisher().forget(this);
            unsent.forEach(loop.publisher()::giveFrame);
            unsent.clear();
            loop.egress().removeConnection(this);
            loop.publishSurely(EventKind.CLIENT_CLOSED, connectionId(), 0);
            unanswered.values().forEach(result -> result.completeExceptionally(new IllegalStateException(reason)));
            unanswered.clear();
        }
    }

    /** An answer, as a WebSocket frame like everybody's. */
    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        final byte[] frame = new byte[length];
        chunk.getBytes(offset, frame);
        final int headerBytes =
            length - SHORT_HEADER_BYTES < SHORT_BYTES ? SHORT_HEADER_BYTES : MEDIUM_HEADER_BYTES;
        final FrameView view = new FrameView();
        new FrameDecoder().decode(frame, headerBytes, length - headerBytes, view);
        final CompletableFuture<Long> result =
            unanswered.remove(Long.parseLong(ascii(frame, view.idOffset, view.idLength)));
        if (view.resultOffset == FrameView.ABSENT)
        {
            result.completeExceptionally(
                new IllegalStateException(ascii(frame, view.textOffset, view.textLength)));
        }
        else
        {
            // {"sequence":88122}
            result.complete(Long.parseLong(
                ascii(frame, view.resultOffset, view.resultLength).replaceAll("[^0-9]", "")));
        }
    }

    @Override
    public void flush()
    {
        // Answers were handed over as they came.
    }

    /** Nobody knows which publishes have been answered: all that wait fail, and the next ones go another way. */
    @Override
    public void fail()
    {
        hasFailed = !isClosed;
        end("publishing has failed; whether the item was published is not known");
    }

    /** True if publishes need another one in its place. */
    boolean hasFailed()
    {
        return hasFailed;
    }

    private static byte[] call(final long id, final String topic, final String payload)
    {
        return ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"relay_publish\",\"params\":[\"" + topic +
            "\"," + payload + "]}").getBytes(StandardCharsets.UTF_8);
    }

    private static String ascii(final byte[] bytes, final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.US_ASCII);
    }
}

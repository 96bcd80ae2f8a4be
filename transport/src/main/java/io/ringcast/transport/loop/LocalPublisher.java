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

    LocalPublisher(final NetworkLoop loop)
    {
        super(loop.nextProgramId());
        this.loop = loop;
        loop.egress().addConnection(this);
    }

    /**
     * Refuses what is not one JSON value: it would be no param of a call.
     *
     * @param payload any text.
     * @throws IllegalArgumentException if it is none.
     */
    public static void checkPayload(final String payload)
    {
        final byte[] text = ('[' + payload + ']').getBytes(StandardCharsets.UTF_8);
        final FrameView view = new FrameView();
        new FrameDecoder().decode(text, 0, text.length, view);
        if (view.kind != FrameKind.BATCH || view.elementCount != 1)
        {
            throw new IllegalArgumentException("payload: want one JSON value");
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
        final byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"relay_publish\",\"params\":[\"" +
            topic + "\"," + payload + "]}").getBytes(StandardCharsets.UTF_8);
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

    /** Ends it. Harmless twice. */
    public void end()
    {
        if (!isClosed)
        {
            isClosed = true;
            unsent.forEach(loop.publisher()::giveFrame);
            unsent.clear();
            loop.egress().removeConnection(this);
            loop.publishSurely(EventKind.CLIENT_CLOSED, connectionId(), 0);
            unanswered.values().forEach(result ->
                result.completeExceptionally(new IllegalStateException("the relay is closed")));
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
        final long id = Long.parseLong(ascii(frame, view.idOffset, view.idLength));
        final CompletableFuture<Long> result = unanswered.remove(id);
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

    @Override
    public void fail()
    {
        end();
    }

    private static String ascii(final byte[] bytes, final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.US_ASCII);
    }
}

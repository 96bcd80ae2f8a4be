package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.session.RpcError;
import io.ringcast.transport.loop.NetworkLoop;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One stream of server-sent events: subscribes to what its URL names, says yes or no with an HTTP status, and then only
 * sends.
 * Confined to the I/O loop that owns the socket.
 */
final class SseConnection extends ChannelInboundHandlerAdapter implements ReadGate
{
    private static final String DOOR = "sse";
    private static final String RETRY = "retry: 1000\n\n";
    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*(-?\\d{1,9})[,}\\s]");
    private static final int MAX_IGNORED_BYTES = 64 * 1024;

    private final HttpDoor door;
    private final HttpWire wire;
    private final NetworkLoop loop;
    private final HttpReply reply;
    private final SseRequest request;
    private final String lastEventId;
    private final Admission admission;
    private ChannelHandlerContext context;
    private SseOutlet outlet;
    private HttpDeadline deadline;
    private ReceivedFrame unpublished;
    /** What is sent first, as soon as it is known where the stream begins. */
    private String granted;
    private int ignoredBytes;
    private boolean isStreaming;
    private boolean isOpen = true;

    /**
     * Creates it.
     *
     * @param door    what the loop's HTTP connections share.
     * @param wire    which HTTP it is.
     * @param entry   what the request's head came to; the connection of its key that is taken is given back at the end.
     * @param request what to subscribe to; without a fault.
     */
    SseConnection(final HttpDoor door, final HttpWire wire, final HttpEntry entry, final SseRequest request)
    {
        this.door = door;
        this.wire = wire;
        this.request = request;
        loop = door.loop(entry.network());
        reply = entry.reply();
        lastEventId = entry.lastEventId();
        admission = entry.admission();
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext added)
    {
        context = added;
        outlet = new SseOutlet(
            this, added.channel(), loop, door.config(), door.unsentBudget(), wire, wire.isChunked(reply),
            request.count() > 1);
        loop.egress().addConnection(outlet);
        loop.counters().increment(RelayCounter.CONNECTIONS_OPENED);
        loop.counters().increment(RelayCounter.SSE_STREAMS);
        ConnectionLog.opened(loop, outlet.connectionId(), DOOR, added.channel());
        deadline = new HttpDeadline(added.channel(), this::onDeadline);
        deadline.set(door.config().timing().callTimeoutMs() + door.config().doors().httpRequestMs());
        final byte[] text = request.text().getBytes(StandardCharsets.UTF_8);
        unpublished = loop.publisher().takeFrame();
        unpublished.ensureWritable(text.length);
        System.arraycopy(text, 0, unpublished.bytes, 0, text.length);
        unpublished.length = text.length;
        loop.publisher().decode(unpublished);
        open();
    }

    @Override
    public void open()
    {
        if (unpublished == null)
        {
            return;
        }
        if (!loop.publisher().isHeld() && !loop.isBehind() &&
            loop.publisher().tryPublishClientFrame(
                outlet.connectionId(), admission.key().rights(), request.options(), unpublished, System.nanoTime()))
        {
            unpublished = null;
        }
        else
        {
            loop.publisher().awaitSpace(this);
        }
    }

    /** Nothing more is expected of the client; a little is overlooked. */
    @Override
    public void channelRead(final ChannelHandlerContext ignored, final Object message)
    {
        if (message instanceof ByteBuf bytes)
        {
            ignoredBytes += bytes.readableBytes();
        }
        else if (message instanceof ByteBufHolder holder)
        {
            ignoredBytes += holder.content().readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (ignoredBytes > MAX_IGNORED_BYTES)
        {
            closeNow();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ignored)
    {
        leave();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext changed)
    {
        if (changed.channel().isWritable())
        {
            outlet.onWritable();
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ignored, final Throwable cause)
    {
        loop.onCaught(cause);
        leave();
        wire.cutOffender(context.channel());
    }

    /** Ends the stream when its token has ended; a body has no code to say so. */
    void onTick()
    {
        if (isOpen && admission.ended(loop.counters()) != null)
        {
            closeForRestart();
        }
    }

    boolean isStreaming()
    {
        return isStreaming;
    }

    /** Takes the answer to the subscribes: an array in their order, or one refusal of all. */
    void onAnswer(final byte[] answer)
    {
        deadline.cancel();
        final FrameDecoder decoder = new FrameDecoder();
        final FrameView all = new FrameView();
        decoder.decode(answer, 0, answer.length, all);
        final int count = all.kind == FrameKind.BATCH ? all.elementCount : 0;
        final FrameView element = new FrameView();
        for (int i = 0; i < count; i++)
        {
            decoder.decode(answer, all.elementOffsets[i], all.elementLengths[i], element);
            if (element.resultOffset == FrameView.ABSENT)
            {
                refuse(answer, element);
                return;
            }
        }
        if (count != request.count())
        {
            refuse(answer, all);
            return;
        }
        stream(answer, all);
    }

    void closeForRestart()
    {
        if (isOpen && isStreaming)
        {
            outlet.flush();
            wire.endBody(context.channel(), reply);
        }
        closeNow();
    }

    void closeSlow()
    {
        if (isOpen)
        {
            loop.counters().increment(RelayCounter.CLOSED_SLOW);
            ConnectionLog.closing(loop, outlet.connectionId(), DOOR, "slow consumer");
            closeNow();
        }
    }

    void closeNow()
    {
        leave();
        wire.cut(context.channel());
    }

    private void stream(final byte[] answer, final FrameView all)
    {
        isStreaming = true;
        final HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        reply.writeTo(head.headers(), door.config().doors());
        head.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
            .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
            // nginx would hold events back to fill a buffer.
            .set("x-accel-buffering", "no");
        if (wire.isChunked(reply))
        {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        else
        {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        context.write(head);
        context.pipeline().remove("http");
        granted = granted(answer, all);
    }

    /** Which subscription has which id: an item names only that. */
    private static String granted(final byte[] answer, final FrameView all)
    {
        final StringBuilder events = new StringBuilder();
        for (int i = 0; i < all.elementCount; i++)
        {
            events.append("event: subscribed\ndata: ")
                .append(new String(answer, all.elementOffsets[i], all.elementLengths[i], StandardCharsets.UTF_8))
                .append("\n\n");
        }
        return events.toString();
    }

    /** All subscriptions have been opened: from here on the client can say where it was. */
    void onOpened(final int topicCount)
    {
        if (isStreaming && topicCount == request.count())
        {
            final SsePosition before = SsePosition.of(lastEventId);
            outlet.beginAt(before, topicCount);
            final String id = loop.epoch() + '.' + outlet.positions();
            final String gap = lastEventId == null || before.isMetBy(SsePosition.of(id)) ? "" : gap();
            outlet.send(RETRY + gap + granted + "id: " + id + "\n\n");
            granted = null;
        }
    }

    /** What is behind the client's last event is no longer kept. */
    private String gap()
    {
        final String id = SsePosition.isPosition(lastEventId) ? '"' + lastEventId + '"' : "null";
        return "event: gap\ndata: {\"resumed\":false,\"lastEventId\":" + id + "}\n\n";
    }

    private void refuse(final byte[] answer, final FrameView element)
    {
        final int code = codeOf(answer, element);
        refuse(
            code == RpcError.INVALID_PARAMS || code == RpcError.INVALID_REQUEST ? HttpResponseStatus.BAD_REQUEST :
            code == RpcError.METHOD_NOT_FOUND ? HttpResponseStatus.NOT_FOUND :
            code == RpcError.LIMIT_EXCEEDED || code == RpcError.UPSTREAM_UNAVAILABLE ?
                HttpResponseStatus.SERVICE_UNAVAILABLE :
            code == RpcError.TIMEOUT ? HttpResponseStatus.GATEWAY_TIMEOUT : HttpResponseStatus.BAD_GATEWAY,
            Unpooled.wrappedBuffer(answer));
    }

    private void refuse(final HttpResponseStatus status, final ByteBuf body)
    {
        loop.counters().increment(RelayCounter.HTTP_REFUSALS);
        final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        reply.writeTo(response.headers(), door.config().doors());
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpReply.JSON)
            .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        leave();
        wire.writeLast(context.channel(), response);
    }

    /** The code of an error object; 0 if there is none. It is the relay's or the node's own text, already scanned. */
    private static int codeOf(final byte[] answer, final FrameView element)
    {
        if (element.errorOffset == FrameView.ABSENT)
        {
            return 0;
        }
        final String error =
            new String(answer, element.errorOffset, element.errorLength, StandardCharsets.UTF_8);
        final Matcher code = CODE.matcher(error);
        return code.find() ? Integer.parseInt(code.group(1)) : 0;
    }

    private void onDeadline()
    {
        if (!isStreaming)
        {
            refuse(HttpResponseStatus.GATEWAY_TIMEOUT, Unpooled.EMPTY_BUFFER);
        }
    }

    /** The stream takes no part any more: its subscriptions end and its memory goes back. Harmless twice. */
    private void leave()
    {
        if (!isOpen)
        {
            return;
        }
        isOpen = false;
        admission.key().rights().giveConnection();
        deadline.cancel();
        if (unpublished != null)
        {
            loop.publisher().forget(this);
            loop.publisher().giveFrame(unpublished);
            unpublished = null;
        }
        outlet.close();
        loop.egress().removeConnection(outlet);
        loop.counters().increment(RelayCounter.CONNECTIONS_CLOSED);
        ConnectionLog.closed(loop, outlet.connectionId(), DOOR);
        loop.publishSurely(EventKind.CLIENT_CLOSED, outlet.connectionId(), 0);
    }
}

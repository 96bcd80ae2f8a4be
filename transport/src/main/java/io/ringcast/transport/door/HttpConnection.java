package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.transport.loop.NetworkRelay;

/**
 * One HTTP connection: takes a request, has the ring answer it, and only then looks at the next. With HTTP/2 it is one
 * stream, which has one request.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>Requests of one connection are so answered in their order however many come at once. What came too early waits
 * in {@link WaitingParts}, and the socket is not read, so it is never more than one read's worth. {@link HttpEntry}
 * looks at the head, {@link HttpCalls} has the body and the ring, {@link HttpAnswer} the way out.
 *
 * <pre>
 *   IDLE ─head─► READING ─end─► ASKING ─answer─► ANSWERING ─written─► IDLE
 *                   └── GET, OPTIONS, nothing owed ─────▲
 * </pre>
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements ReadGate
{
    private static final int MIN_GZIP_BYTES = 1024;
    private static final int MAX_IGNORED_BYTES = 64 * 1024;

    private enum State
    {
        IDLE, READING, ASKING, ANSWERING, CLOSED
    }

    private final HttpDoor door;
    private final HttpWire wire;
    private final HttpCalls calls;
    private final WaitingParts waiting;
    private ChannelHandlerContext context;
    private HttpDeadline deadline;
    private State state = State.IDLE;
    private boolean isStopping;
    private boolean isDraining;

    /** The request under way, or the last one. */
    private HttpEntry entry;
    /** True while one of the connections of the request's key is taken. */
    private boolean isAdmitted;
    private int ignoredBytes;
    private HttpAnswer answer;

    HttpConnection(final HttpDoor door, final HttpWire wire)
    {
        this.door = door;
        this.wire = wire;
        calls = new HttpCalls(door, this);
        waiting = new WaitingParts(door.unfinishedBudget());
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext added)
    {
        context = added;
        deadline = new HttpDeadline(added.channel(), this::onDeadline);
        deadline.set(door.config().doors().httpIdleMs());
        door.channels().add(added.channel());
    }

    @Override
    public void channelRead(final ChannelHandlerContext ignored, final Object message)
    {
        if (state == State.CLOSED)
        {
            ReferenceCountUtil.release(message);
        }
        else if (state == State.ASKING || state == State.ANSWERING || !waiting.isEmpty())
        {
            context.channel().config().setAutoRead(false);
            if (!waiting.add(message))
            {
                count(RelayCounter.CLOSED_OVERLOAD);
                closeNow();
            }
        }
        else
        {
            take(message);
        }
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext ignored)
    {
        if (answer != null && state == State.ANSWERING)
        {
            answer.onWritable();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ignored)
    {
        leave();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ignored, final Throwable cause)
    {
        door.loop(door.networks().get(0)).onCaught(cause);
        leave();
        wire.cutOffender(context.channel());
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ignored, final Object event)
    {
        if (event == HttpDoor.STOPPING)
        {
            isStopping = true;
            if (state == State.IDLE)
            {
                closeNow();
            }
        }
    }

    /** The ring may have space for the request again. */
    @Override
    public void open()
    {
        if (state == State.ASKING && calls.hasBody())
        {
            ask();
        }
    }

    /**
     * Takes the answer to the request.
     *
     * @return false if nobody waits for it.
     */
    boolean tryAnswer(final HttpOutlet from, final ByteBuf chunk, final int offset, final int length)
    {
        if (state != State.ASKING || !calls.isAsked(from))
        {
            return false;
        }
        answer(HttpResponseStatus.OK, HttpReply.JSON, KeptBytes.of(context.alloc(), chunk, offset, length));
        return true;
    }

    void closeNow()
    {
        leave();
        wire.cut(context.channel());
    }

    /** Takes one part of a request; owns it. */
    private void take(final Object message)
    {
        try
        {
            if (message instanceof HttpRequest request)
            {
                onHead(request);
            }
            if (message instanceof HttpContent content && state == State.READING)
            {
                onContent(content);
            }
        }
        finally
        {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(final HttpRequest request)
    {
        state = State.READING;
        deadline.set(door.config().doors().httpRequestMs());
        ignoredBytes = 0;
        final HttpFault early = wire.faultOf(request);
        entry = HttpEntry.of(door, request);
        isAdmitted = entry.admission() != null;
        if (early != null)
        {
            count(RelayCounter.ACCEPTS_REFUSED);
            refuse(early);
            return;
        }
        if (entry.fault() != null)
        {
            if (entry.cause() != null)
            {
                count(entry.cause());
            }
            refuse(entry.fault());
            return;
        }
        count(RelayCounter.HTTP_REQUESTS);
        if (HttpMethod.POST.equals(entry.method()))
        {
            if (!calls.tryBegin(entry.network(), context.channel()))
            {
                refuse(HttpFault.OWES_TOO_MUCH);
                return;
            }
            if (HttpUtil.is100ContinueExpected(request))
            {
                context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            }
        }
    }

    private void onContent(final HttpContent content)
    {
        final HttpFault fault = content.decoderResult().isFailure() ? HttpFault.MALFORMED :
            calls.hasBody() ? calls.add(content.content()) : ignore(content.content().readableBytes());
        if (fault != null)
        {
            refuse(fault);
        }
        else if (content instanceof LastHttpContent)
        {
            onEnd();
        }
    }

    /** A body that means nothing here; a little of it is overlooked. */
    private HttpFault ignore(final int bytes)
    {
        ignoredBytes += bytes;
        return ignoredBytes > MAX_IGNORED_BYTES ? HttpFault.tooLarge(MAX_IGNORED_BYTES) : null;
    }

    private void onEnd()
    {
        if (calls.hasBody())
        {
            calls.end();
            state = State.ASKING;
            ask();
        }
        else if (HttpMethod.OPTIONS.equals(entry.method()))
        {
            answer(HttpResponseStatus.NO_CONTENT, null, Unpooled.EMPTY_BUFFER);
        }
        else if (entry.streamUri() != null)
        {
            becomeStream();
        }
        else
        {
            answer(HttpResponseStatus.OK, HttpReply.JSON, HttpReply.describe(entry.network()));
        }
    }

    /** From here on the channel only sends events. */
    private void becomeStream()
    {
        final SseRequest request = SseRequest.of(
            entry.streamUri(), door.config().limits().batchItems(), entry.network().config(),
            SsePosition.of(entry.lastEventId()));
        final HttpFault unfit = request.fault() == null ? wire.streamFault(context.channel()) : request.fault();
        final HttpFault fault =
            unfit == null && door.loop(entry.network()).tryRefuse() ? HttpFault.OWES_TOO_MUCH : unfit;
        if (fault != null)
        {
            refuse(fault);
            return;
        }
        // The stream takes the admission over.
        isAdmitted = false;
        leave();
        context.channel().config().setAutoRead(true);
        context.pipeline().addLast("sse", new SseConnection(door, wire, entry, request));
        context.pipeline().remove(this);
    }

    /** Offers the request to the ring, again if the ring had no space. */
    private void ask()
    {
        switch (calls.tryAsk(entry.admission(), this))
        {
            case LATER:
                deadline.set(door.config().doors().httpRequestMs());
                break;

            case OWED:
                // Every call is answered or given up within the first; the second is what the relay itself may take.
                deadline.set(door.config().timing().callTimeoutMs() + door.config().doors().httpRequestMs());
                break;

            default:
                answer(HttpResponseStatus.OK, HttpReply.JSON, Unpooled.EMPTY_BUFFER);
                break;
        }
    }

    /**
     * Answers the request.
     *
     * @param text owned by this call.
     */
    private void answer(final HttpResponseStatus status, final String contentType, final ByteBuf text)
    {
        final HttpReply reply = entry.reply();
        state = State.ANSWERING;
        deadline.set(door.config().doors().httpRequestMs());
        final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
        reply.writeTo(response.headers(), door.config().doors());
        if (contentType != null)
        {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (HttpMethod.OPTIONS.equals(entry.method()))
        {
            reply.writePreflightTo(response.headers());
        }
        final boolean isLast = wire.isForOneRequest() || !reply.isKeptAlive() || isStopping;
        response.headers().set(
            HttpHeaderNames.CONNECTION, isLast ? HttpHeaderValues.CLOSE : HttpHeaderValues.KEEP_ALIVE);
        final boolean isCompressed = reply.takesGzip() && reply.isHttp11() && text.readableBytes() >= MIN_GZIP_BYTES;
        answer = new HttpAnswer(context, door.unsentBudget());
        if (!answer.tryWrite(response, isCompressed, isWritten -> onWritten(isWritten && !isLast)))
        {
            closeSlow();
        }
    }

    private void onWritten(final boolean goesOn)
    {
        answer = null;
        endAdmission();
        if (state == State.CLOSED)
        {
            return;
        }
        if (!goesOn || isStopping)
        {
            closeNow();
            return;
        }
        state = State.IDLE;
        deadline.set(door.config().doors().httpIdleMs());
        if (!isDraining)
        {
            takeWaiting();
        }
    }

    /** A loop and not a recursion: as many requests may wait as fit into a read. */
    private void takeWaiting()
    {
        isDraining = true;
        try
        {
            while (!waiting.isEmpty() && (state == State.IDLE || state == State.READING))
            {
                take(waiting.poll());
            }
        }
        finally
        {
            isDraining = false;
        }
        if (waiting.isEmpty() && (state == State.IDLE || state == State.READING))
        {
            context.channel().config().setAutoRead(true);
        }
    }

    /** Refuses the request and ends the channel: a body that was not read must not be taken for a request. */
    private void refuse(final HttpFault fault)
    {
        count(RelayCounter.HTTP_REFUSALS);
        calls.dropBody();
        final boolean hasBody = !HttpMethod.HEAD.equals(entry.method());
        final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, fault.status(),
            hasBody ? ByteBufUtil.writeUtf8(context.alloc(), fault.reason() + '\n') : Unpooled.EMPTY_BUFFER);
        entry.reply().writeTo(response.headers(), door.config().doors());
        HttpFault.writeTo(response.headers(), fault.status());
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (hasBody)
        {
            // To HEAD it would have to be what GET gets (RFC 9110 section 8.6).
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        }
        leave();
        wire.writeLast(context.channel(), response);
    }

    private void onDeadline()
    {
        switch (state)
        {
            case READING:
                refuse(HttpFault.TOO_SLOW);
                break;

            case ASKING:
                refuse(HttpFault.NO_ANSWER);
                break;

            case ANSWERING:
                if (answer != null && answer.hasMoved())
                {
                    deadline.set(door.config().doors().httpRequestMs());
                }
                else
                {
                    closeSlow();
                }
                break;

            default:
                closeNow();
                break;
        }
    }

    private void closeSlow()
    {
        if (state != State.CLOSED)
        {
            count(RelayCounter.CLOSED_SLOW);
            closeNow();
        }
    }

    private void count(final RelayCounter counter)
    {
        final NetworkRelay counted =
            entry == null || entry.network() == null ? door.networks().get(0) : entry.network();
        door.loop(counted).counters().increment(counter);
    }

    private void endAdmission()
    {
        if (isAdmitted)
        {
            isAdmitted = false;
            entry.admission().key().rights().giveConnection();
        }
    }

    /** The connection takes no part any more, and its memory goes back. Harmless twice. */
    private void leave()
    {
        if (state == State.CLOSED)
        {
            return;
        }
        state = State.CLOSED;
        endAdmission();
        deadline.cancel();
        waiting.clear();
        if (answer != null)
        {
            answer.close();
            answer = null;
        }
        calls.close();
    }
}

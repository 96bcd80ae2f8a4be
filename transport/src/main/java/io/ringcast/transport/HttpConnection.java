package io.ringcast.transport;

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
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.ReadGate;

import java.util.ArrayDeque;

/**
 * One HTTP connection: takes a request, has the ring answer it, and only then looks at the next.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>Requests of one connection are so answered in their order however many come at once. What came too early waits
 * here, and the socket is not read, so it is never more than one read's worth.
 *
 * <pre>
 *   IDLE ─head─► READING ─end─► ASKING ─answer─► ANSWERING ─written─► IDLE
 *                   └── GET, OPTIONS, nothing owed ─────▲
 * </pre>
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements ReadGate
{
    /** Smaller answers are copied: a reference would keep a whole chunk alive for a few bytes. */
    private static final int MIN_RETAINED_BYTES = 32 * 1024;
    private static final int MIN_GZIP_BYTES = 1024;
    private static final int MAX_IGNORED_BYTES = 64 * 1024;
    private static final int MAX_WAITING = 4096;
    private static final String DOOR = "http";
    private static final String LAST_EVENT_ID = "last-event-id";

    private enum State
    {
        IDLE, READING, ASKING, ANSWERING, CLOSED
    }

    private final HttpDoor door;
    private final HttpOutlet[] outlets;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>(0);
    private ChannelHandlerContext context;
    private HttpDeadline deadline;
    private State state = State.IDLE;
    private boolean isStopping;
    private boolean isDraining;

    private HttpReply reply;
    private HttpMethod method;
    /** The URI of a stream of events, or null. */
    private String streamUri;
    private String lastEventId;
    private NetworkRelay network;
    private HttpOutlet asked;
    /** What the client of the request may do; null before it is let in and from the end of the answer on. */
    private Admission admission;
    private ReceivedFrame body;
    private int ignoredBytes;
    private long accountedBytes;
    private HttpAnswer answer;

    HttpConnection(final HttpDoor door)
    {
        this.door = door;
        outlets = new HttpOutlet[door.networks().size()];
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext added)
    {
        context = added;
        deadline = new HttpDeadline(added.executor(), this::onDeadline);
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
            waiting.add(message);
            context.channel().config().setAutoRead(false);
            if (waiting.size() > MAX_WAITING)
            {
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
        closeNow();
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
        if (state == State.ASKING && body != null)
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
        if (state != State.ASKING || body != null || from != asked)
        {
            return false;
        }
        final ByteBuf text = length < MIN_RETAINED_BYTES ?
            context.alloc().directBuffer(length).writeBytes(chunk, offset, length) :
            chunk.retainedSlice(offset, length);
        answer(HttpResponseStatus.OK, HttpReply.JSON, text);
        return true;
    }

    void closeNow()
    {
        leave();
        context.close();
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
        reply = HttpReply.of(request, door.config().doors());
        method = request.method();
        ignoredBytes = 0;
        if (request.decoderResult().isFailure())
        {
            refuse(HttpFault.MALFORMED);
            return;
        }
        final HttpDoor.Place place = find(request);
        if (!HttpMethod.OPTIONS.equals(method) && !isPageWelcome(request))
        {
            return;
        }
        if (network == null)
        {
            refuse(HttpFault.NO_NETWORK);
            return;
        }
        if (!HttpMethod.OPTIONS.equals(method) && !isLetIn(request, place.pathKey()))
        {
            return;
        }
        final HttpFault fault = streamUri != null && HttpMethod.POST.equals(method) ? HttpFault.NOT_ALLOWED :
            HttpReply.faultOf(request, door.config().limits().messageBytes());
        if (fault != null)
        {
            refuse(fault);
            return;
        }
        door.loop(network).counters().increment(RelayCounter.HTTP_REQUESTS);
        if (HttpMethod.POST.equals(method))
        {
            asked = outlet();
            body = asked.loop().publisher().takeFrame();
            if (HttpUtil.is100ContinueExpected(request))
            {
                context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            }
        }
    }

    private HttpDoor.Place find(final HttpRequest request)
    {
        final HttpDoor.Place place = door.placeOf(request.uri());
        network = place.network();
        streamUri = place.isStream() ? request.uri() : null;
        lastEventId = place.isStream() ? request.headers().get(LAST_EVENT_ID) : null;
        return place;
    }

    private boolean isPageWelcome(final HttpRequest request)
    {
        final HttpFault page = door.access().pageFault(request.headers());
        if (page != null)
        {
            refuse(page, RelayCounter.PAGES_REFUSED);
        }
        return page == null;
    }

    /** Each request shows its key anew: behind a proxy each may be another client's. */
    private boolean isLetIn(final HttpRequest request, final String pathKey)
    {
        final Admission found = door.access().admit(request, pathKey, network, System.currentTimeMillis());
        if (found.fault() != null)
        {
            refuse(found.fault(), RelayCounter.KEYS_REFUSED);
            return false;
        }
        if (!found.key().rights().tryTakeConnection())
        {
            refuse(HttpFault.TOO_MANY_CONNECTIONS, RelayCounter.KEY_LIMITS);
            return false;
        }
        admission = found;
        return true;
    }

    private void endAdmission()
    {
        if (admission != null)
        {
            admission.key().rights().giveConnection();
            admission = null;
        }
    }

    private void onContent(final HttpContent content)
    {
        if (content.decoderResult().isFailure())
        {
            refuse(HttpFault.MALFORMED);
            return;
        }
        final int addedBytes = content.content().readableBytes();
        if (body == null)
        {
            ignoredBytes += addedBytes;
            if (ignoredBytes > MAX_IGNORED_BYTES)
            {
                refuse(HttpFault.tooLarge(MAX_IGNORED_BYTES));
                return;
            }
        }
        else if (!tryAddToBody(content.content(), addedBytes))
        {
            return;
        }
        if (content instanceof LastHttpContent)
        {
            onEnd();
        }
    }

    private boolean tryAddToBody(final ByteBuf bytes, final int addedBytes)
    {
        final long maxBytes = door.config().limits().messageBytes();
        if (addedBytes > maxBytes - body.length)
        {
            refuse(HttpFault.tooLarge(maxBytes));
            return false;
        }
        body.ensureWritable(addedBytes);
        bytes.readBytes(body.bytes, body.length, addedBytes);
        body.length += addedBytes;
        if (!account(body.length))
        {
            asked.loop().counters().increment(RelayCounter.CLOSED_OVERLOAD);
            refuse(HttpFault.OVERLOAD);
            return false;
        }
        return true;
    }

    private void onEnd()
    {
        if (body != null)
        {
            asked.loop().publisher().decode(body);
            state = State.ASKING;
            ask();
        }
        else if (HttpMethod.OPTIONS.equals(method))
        {
            answer(HttpResponseStatus.NO_CONTENT, null, Unpooled.EMPTY_BUFFER);
        }
        else if (streamUri != null)
        {
            becomeStream();
        }
        else
        {
            answer(HttpResponseStatus.OK, HttpReply.JSON, HttpReply.describe(network));
        }
    }

    /** From here on the socket only sends events. */
    private void becomeStream()
    {
        final SseRequest request = SseRequest.of(
            streamUri, door.config().limits().batchItems(), network.config(), SsePosition.of(lastEventId));
        if (request.fault() != null)
        {
            refuse(request.fault());
            return;
        }
        // The stream takes the admission over.
        final Admission own = admission;
        admission = null;
        leave();
        context.channel().config().setAutoRead(true);
        context.pipeline().addLast(
            "sse", new SseConnection(door, door.loop(network), reply, request, lastEventId, own));
        context.pipeline().remove(this);
    }

    /** Offers the request to the ring, again if the ring had no space. */
    private void ask()
    {
        final NetworkLoop loop = asked.loop();
        final FrameKind kind = body.view.kind;
        if (loop.publisher().isHeld() || loop.isBehind() ||
            !loop.publisher().tryPublishClientFrame(
                asked.connectionId(), admission.key().rights(), null, body, System.nanoTime()))
        {
            deadline.set(door.config().doors().httpRequestMs());
            loop.publisher().awaitSpace(this);
            return;
        }
        body = null;
        account(0);
        if (kind == FrameKind.NOTIFICATION || kind == FrameKind.RESPONSE)
        {
            answer(HttpResponseStatus.OK, HttpReply.JSON, Unpooled.EMPTY_BUFFER);
            return;
        }
        // Every call is answered or given up within the first; the second is for what the relay itself may take.
        deadline.set(door.config().timing().callTimeoutMs() + door.config().doors().httpRequestMs());
    }

    private HttpOutlet outlet()
    {
        final int index = door.networks().indexOf(network);
        if (outlets[index] == null)
        {
            final NetworkLoop loop = door.loop(network);
            outlets[index] = new HttpOutlet(network, loop, this);
            loop.egress().addConnection(outlets[index]);
            loop.counters().increment(RelayCounter.CONNECTIONS_OPENED);
            ConnectionLog.opened(loop, outlets[index].connectionId(), DOOR, context.channel());
        }
        return outlets[index];
    }

    /**
     * Answers the request.
     *
     * @param text owned by this call.
     */
    private void answer(final HttpResponseStatus status, final String contentType, final ByteBuf text)
    {
        state = State.ANSWERING;
        deadline.set(door.config().doors().httpRequestMs());
        final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
        reply.writeTo(response.headers(), door.config().doors());
        if (contentType != null)
        {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (HttpMethod.OPTIONS.equals(method))
        {
            reply.writePreflightTo(response.headers());
        }
        final boolean isLast = !reply.isKeptAlive() || isStopping;
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

    private void refuse(final HttpFault fault, final RelayCounter counter)
    {
        door.loop(network == null ? door.networks().get(0) : network).counters().increment(counter);
        refuse(fault);
    }

    /** Refuses the request and ends the connection: a body that was not read must not be taken for a request. */
    private void refuse(final HttpFault fault)
    {
        final NetworkRelay counted = network == null ? door.networks().get(0) : network;
        door.loop(counted).counters().increment(RelayCounter.HTTP_REFUSALS);
        giveBodyBack();
        final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, fault.status(),
            ByteBufUtil.writeUtf8(context.alloc(), fault.reason() + '\n'));
        reply.writeTo(response.headers(), door.config().doors());
        HttpFault.writeTo(response.headers(), fault.status());
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
            .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        leave();
        SocketEnd.write(context.channel(), response);
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
            final NetworkRelay counted = network == null ? door.networks().get(0) : network;
            door.loop(counted).counters().increment(RelayCounter.CLOSED_SLOW);
            closeNow();
        }
    }

    private boolean account(final long bytes)
    {
        final boolean isWithinBudget = door.unfinishedBudget().change(accountedBytes, bytes);
        accountedBytes = bytes;
        return isWithinBudget;
    }

    private void giveBodyBack()
    {
        if (body != null)
        {
            asked.loop().publisher().giveFrame(body);
            body = null;
        }
        account(0);
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
        giveBodyBack();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        if (answer != null)
        {
            answer.close();
            answer = null;
        }
        for (final HttpOutlet outlet : outlets)
        {
            if (outlet != null)
            {
                final NetworkLoop loop = outlet.loop();
                loop.egress().removeConnection(outlet);
                loop.counters().increment(RelayCounter.CONNECTIONS_CLOSED);
                ConnectionLog.closed(loop, outlet.connectionId(), DOOR);
                loop.publishSurely(EventKind.CLIENT_CLOSED, outlet.connectionId(), 0);
            }
        }
    }
}

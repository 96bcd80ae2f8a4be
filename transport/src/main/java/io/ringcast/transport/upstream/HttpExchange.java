package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.RpcError;
import io.ringcast.transport.loop.FailureText;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.websocket.WebSocketClientHandshake;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One connection to an HTTP upstream: carries one call at a time and stays open for the next.
 * Confined to the I/O loop of the upstream.
 */
final class HttpExchange extends ChannelInboundHandlerAdapter
{
    /** An idle connection is closed after this, unless the server has said that it closes it sooner. */
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(30);
    /** How much sooner than the server, which might close it just as the next call is sent. */
    private static final long IDLE_MARGIN_NS = TimeUnit.SECONDS.toNanos(1);

    /** What becomes of a longer call says nothing of the upstream: the server may have a bound. */
    private static final int LONG_CALL_BYTES = 1024 * 1024;

    private final HttpPool pool;
    private final NetworkLoop loop;
    private final URI url;
    private final Map<String, String> headers;
    private final int maxAnswerBytes;
    private Channel channel;
    /** The call under way, null while the connection is idle. */
    private HttpCall call;
    private ReceivedFrame body;
    private int status;
    private boolean isKeptAlive;
    private boolean isClosed;
    /** What the socket has thrown, or null. */
    private String trouble;
    private long idleLimitNs = IDLE_NS;
    private long idleSinceNs = System.nanoTime();

    HttpExchange(final HttpPool pool, final UpstreamClient client, final Map<String, String> headers)
    {
        this.pool = pool;
        this.headers = headers;
        loop = client.loop();
        url = client.config().url();
        maxAnswerBytes = client.relayConfig().limits().upstreamMessageBytes();
    }

    /** True if the next call may go here. */
    boolean isIdle()
    {
        return channel != null && call == null && !isClosed;
    }

    /** True until it is connected, or was not. */
    boolean isConnecting()
    {
        return channel == null && !isClosed;
    }

    /** Sends a call. */
    void send(final HttpCall next)
    {
        call = next;
        status = 0;
        final FullHttpRequest request = new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, WebSocketClientHandshake.target(url),
            Unpooled.wrappedBuffer(next.text()));
        headers.forEach((name, value) -> request.headers().set(name, value));
        request.headers()
            .set(HttpHeaderNames.HOST, WebSocketClientHandshake.host(url))
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
            .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON)
            .set(HttpHeaderNames.CONTENT_LENGTH, next.text().length);
        channel.writeAndFlush(request);
    }

    /** Gives up what takes too long, and closes what was idle for too long. */
    void onTime(final long nowNs)
    {
        if (call != null && nowNs - call.deadlineNs() >= 0)
        {
            fail(RpcError.TIMEOUT, "the upstream did not answer in time");
        }
        else if (isIdle() && nowNs - idleSinceNs > idleLimitNs)
        {
            close();
        }
    }

    /** Closes the connection; its call is told nothing. */
    void close()
    {
        isClosed = true;
        call = null;
        giveBody();
        if (channel != null)
        {
            channel.close();
        }
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext context)
    {
        if (context.channel().isActive())
        {
            channelActive(context);
        }
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        if (channel == null)
        {
            channel = context.channel();
            loop.counters().increment(RelayCounter.HTTP_CONNECTS);
            pool.onIdle();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        if (call != null)
        {
            fail(RpcError.UPSTREAM_UNAVAILABLE, RpcError.CONNECTION_LOST);
        }
        isClosed = true;
        pool.onClosed(this);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        loop.onCaught(cause);
        trouble = FailureText.of(cause);
        context.close();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        try
        {
            if (message instanceof HttpResponse response)
            {
                onHead(response);
            }
            if (message instanceof HttpContent content && call != null && status != 0)
            {
                if (content.decoderResult().isFailure())
                {
                    // Nothing that comes behind it can be told apart any more.
                    fail(RpcError.UPSTREAM_UNAVAILABLE, "the upstream's answer is not HTTP");
                    return;
                }
                onBody(content.content());
                if (message instanceof LastHttpContent && call != null)
                {
                    complete();
                }
            }
        }
        finally
        {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(final HttpResponse response)
    {
        if (response.decoderResult().isFailure() || call == null)
        {
            fail(RpcError.UPSTREAM_UNAVAILABLE, "the upstream's answer is not HTTP");
            return;
        }
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL)
        {
            return;
        }
        status = response.status().code();
        isKeptAlive = HttpUtil.isKeepAlive(response);
        idleLimitNs = idleLimitNs(response.headers().get("keep-alive"));
        body = loop.publisher().takeFrame();
    }

    private void onBody(final ByteBuf content)
    {
        final int lengthBytes = content.readableBytes();
        if (lengthBytes > maxAnswerBytes - body.length)
        {
            loop.counters().increment(RelayCounter.UPSTREAM_TOO_BIG);
            // It answers: who asks for too much must not have the upstream given up.
            pool.onAnswered();
            pool.onNodeHeard();
            end(RpcError.RESPONSE_TOO_LARGE, "the upstream's answer is larger than " + maxAnswerBytes + " bytes");
            return;
        }
        if (body.length == 0 && lengthBytes > 0)
        {
            body.beganAtNs = System.nanoTime();
        }
        body.ensureWritable(lengthBytes);
        content.readBytes(body.bytes, body.length, lengthBytes);
        body.length += lengthBytes;
    }

    private void complete()
    {
        final HttpCall answered = call;
        final ReceivedFrame text = body;
        call = null;
        body = null;
        idleSinceNs = System.nanoTime();
        if (!isKeptAlive)
        {
            isClosed = true;
            channel.close();
        }
        pool.onAnswered();
        if (answered.idLength() == 0)
        {
            if (status / 100 == 2)
            {
                pool.onNodeHeard();
            }
            loop.publisher().giveFrame(text);
        }
        else
        {
            handOver(answered, text);
        }
        pool.onIdle();
    }

    private void handOver(final HttpCall answered, final ReceivedFrame text)
    {
        loop.publisher().decode(text);
        final FrameView view = text.view;
        final boolean isAnswer = view.kind == FrameKind.RESPONSE &&
            answered.hasId(text.bytes, view.idOffset, view.idLength) &&
            (status == 200 || view.errorOffset != FrameView.ABSENT);
        if (isAnswer)
        {
            pool.onNodeHeard();
            handOver(answered.taker(), text);
            return;
        }
        loop.publisher().giveFrame(text);
        loop.counters().increment(RelayCounter.HTTP_FAILURES);
        if (status == 429)
        {
            answered.taker().onFailure(RpcError.LIMIT_EXCEEDED, "rate limit exceeded: the upstream answered HTTP 429");
        }
        else if (status == 200)
        {
            answered.taker().onFailure(
                RpcError.UPSTREAM_UNAVAILABLE, "the upstream's answer is no JSON-RPC response to the call");
        }
        else if (status == 401 || status == 403)
        {
            answered.taker().onDenied(RpcError.UPSTREAM_UNAVAILABLE, "the upstream answered HTTP " + status);
        }
        else
        {
            answered.taker().onFailure(RpcError.UPSTREAM_UNAVAILABLE, "the upstream answered HTTP " + status);
        }
    }

    /** Who takes it may wait for nothing else: a fault of its own must not leave it without an end. */
    private void handOver(final HttpCall.Taker taker, final ReceivedFrame text)
    {
        try
        {
            taker.onAnswer(text, status);
        }
        catch (final Exception | OutOfMemoryError e)
        {
            loop.onFault(e);
            taker.onFailure(RpcError.INTERNAL, "internal error");
        }
    }

    /** There is no answer: ends the connection, and its call with an error. */
    private void fail(final int code, final String message)
    {
        // Who sends what the server hangs up on must not have the upstream given up.
        final boolean isSilence = call != null && call.text().length <= LONG_CALL_BYTES;
        if (call != null)
        {
            pool.noteTrouble(trouble == null ? message : trouble);
        }
        end(code, message);
        if (isSilence)
        {
            pool.onSilence();
        }
    }

    /** Ends the connection, since what comes on it can't be told any more, and its call with an error. */
    private void end(final int code, final String message)
    {
        final HttpCall ended = call;
        close();
        if (ended != null)
        {
            loop.counters().increment(RelayCounter.HTTP_FAILURES);
            ended.taker().onFailure(code, message);
        }
    }

    private void giveBody()
    {
        if (body != null)
        {
            loop.publisher().giveFrame(body);
            body = null;
        }
    }

    /** From {@code Keep-Alive: timeout=5}, which many servers send. */
    private static long idleLimitNs(final String keepAlive)
    {
        final int start = keepAlive == null ? -1 : keepAlive.indexOf("timeout=");
        if (start < 0)
        {
            return IDLE_NS;
        }
        long seconds = 0;
        for (int i = start + "timeout=".length(); i < keepAlive.length() && i < start + 14; i++)
        {
            final int digit = keepAlive.charAt(i) - '0';
            if (digit < 0 || digit > 9)
            {
                break;
            }
            seconds = seconds * 10 + digit;
        }
        return Math.max(0, Math.min(IDLE_NS, TimeUnit.SECONDS.toNanos(seconds) - IDLE_MARGIN_NS));
    }
}

package io.ringcast.transport.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.Future;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One request on the admin port, one answer, and the end: whoever asks every few seconds can afford to connect, and
 * nothing can wait behind an answer that is still being made.
 * Confined to the I/O loop that owns the socket.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest>
{
    private static final long LIFE_MS = 10_000;

    private final AdminPages pages;
    private final Executor maker;
    private final Consumer<Throwable> onCaught;
    private Future<?> end;
    private boolean isAsked;

    /**
     * Creates it.
     *
     * @param pages    what is answered.
     * @param maker    runs what takes longer than a look.
     * @param onCaught takes, on the socket's loop, what ends the connection; it tells a bug from a peer's doing.
     */
    AdminConnection(final AdminPages pages, final Executor maker, final Consumer<Throwable> onCaught)
    {
        this.onCaught = onCaught;
        this.pages = pages;
        this.maker = maker;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        end = context.executor().schedule(() -> context.close(), LIFE_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        if (end != null)
        {
            end.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        onCaught.accept(cause);
        context.close();
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request)
    {
        if (isAsked)
        {
            return;
        }
        isAsked = true;
        if (request.decoderResult().isFailure())
        {
            answer(context, AdminPage.text(HttpResponseStatus.BAD_REQUEST, "malformed request"));
            return;
        }
        final QueryStringDecoder query = new QueryStringDecoder(request.uri());
        if (!isEncoded(query))
        {
            answer(context, AdminPage.text(HttpResponseStatus.BAD_REQUEST, "the query is not URL-encoded"));
            return;
        }
        switch (query.path())
        {
            case "/livez":
                answer(context, ifGet(request) ? pages.live(System.nanoTime()) : notAllowed("GET"));
                break;

            case "/readyz":
                answer(context, ifGet(request) ? pages.ready(System.nanoTime()) : notAllowed("GET"));
                break;

            case "/metrics":
                metrics(context, request);
                break;

            case "/reload":
                reload(context, request);
                break;

            case "/loglevel":
                logLevel(context, request, query);
                break;

            default:
                answer(context, AdminPage.text(
                    HttpResponseStatus.NOT_FOUND,
                    "/metrics, /livez, /readyz, /reload, /loglevel?logger=NAME[&level=LEVEL]"));
                break;
        }
    }

    private void metrics(final ChannelHandlerContext context, final FullHttpRequest request)
    {
        if (!ifGet(request))
        {
            answer(context, notAllowed("GET"));
            return;
        }
        final String accept = request.headers().get(HttpHeaderNames.ACCEPT);
        make(context, () -> pages.metrics(accept));
    }

    /** A web page may make a browser post to this machine; its request carries an Origin, and curl's does not. */
    private void logLevel(
        final ChannelHandlerContext context, final FullHttpRequest request, final QueryStringDecoder query)
    {
        if (!isLocal(context, request))
        {
            answer(context, AdminPage.text(HttpResponseStatus.FORBIDDEN, "from this machine only, and not by a page"));
        }
        else if (HttpMethod.POST.equals(request.method()) || ifGet(request))
        {
            final String logger = parameter(query, "logger");
            final String level = ifGet(request) ? null : parameter(query, "level");
            final boolean isPost = !ifGet(request);
            make(context, () -> pages.logLevel(logger, level, isPost));
        }
        else
        {
            answer(context, notAllowed("GET, POST"));
        }
    }

    private void reload(final ChannelHandlerContext context, final FullHttpRequest request)
    {
        if (!isLocal(context, request))
        {
            answer(context, AdminPage.text(HttpResponseStatus.FORBIDDEN, "from this machine only, and not by a page"));
        }
        else if (HttpMethod.POST.equals(request.method()))
        {
            make(context, pages::reload);
        }
        else
        {
            answer(context, notAllowed("POST"));
        }
    }

    private static boolean isLocal(final ChannelHandlerContext context, final FullHttpRequest request)
    {
        return context.channel().remoteAddress() instanceof InetSocketAddress remote &&
            remote.getAddress().isLoopbackAddress() && !request.headers().contains(HttpHeaderNames.ORIGIN);
    }

    /** Has a page made away from the I/O loops. */
    private void make(final ChannelHandlerContext context, final Supplier<AdminPage> page)
    {
        try
        {
            maker.execute(() ->
            {
                final AdminPage made;
                try
                {
                    made = page.get();
                }
                catch (final Throwable e)
                {
                    context.executor().execute(() -> exceptionCaught(context, e));
                    return;
                }
                context.executor().execute(() -> answer(context, made));
            });
        }
        catch (final RejectedExecutionException e)
        {
            answer(context, AdminPage.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many ask at once"));
        }
    }

    private static void answer(final ChannelHandlerContext context, final AdminPage page)
    {
        final FullHttpResponse response = new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, page.status(), Unpooled.wrappedBuffer(page.body()));
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
            .set(HttpHeaderNames.CONTENT_LENGTH, page.body().length)
            .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (page.allow() != null)
        {
            response.headers().set(HttpHeaderNames.ALLOW, page.allow());
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private static boolean ifGet(final FullHttpRequest request)
    {
        return HttpMethod.GET.equals(request.method());
    }

    private static AdminPage notAllowed(final String allowed)
    {
        return new AdminPage(HttpResponseStatus.METHOD_NOT_ALLOWED, AdminPage.TEXT,
            ("only " + allowed + '\n').getBytes(StandardCharsets.US_ASCII), allowed);
    }

    private static boolean isEncoded(final QueryStringDecoder query)
    {
        try
        {
            query.path();
            query.parameters();
            return true;
        }
        catch (final IllegalArgumentException e)
        {
            return false;
        }
    }

    private static String parameter(final QueryStringDecoder query, final String name)
    {
        final var values = query.parameters().get(name);
        return values == null ? null : values.get(0);
    }
}

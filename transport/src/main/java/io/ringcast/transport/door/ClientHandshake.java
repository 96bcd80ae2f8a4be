package io.ringcast.transport.door;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.LaterTask;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.websocket.WebSocketServerHandshake;

import java.util.List;
import java.util.function.Consumer;

/**
 * Lets one client in, or says why not, and then makes way for the connection proper.
 * Confined to the I/O loop that owns the socket.
 */
final class ClientHandshake extends ChannelInboundHandlerAdapter
{
    /** How many sockets above the limit may wait for their clients to have read why. */
    private static final int MAX_LINGERING = 256;

    private final List<NetworkRelay> networks;
    private final NetworkPaths paths;
    private final int loopIndex;
    private final boolean isFull;
    private final RelayConfig config;
    private final MemoryBudget unfinishedBudget;
    private final MemoryBudget unsentBudget;
    private final Consumer<Channel> onUpgraded;
    private final ClientAccess access;
    private final ConnectionCount connections;
    private final ChannelGroup httpChannels;
    private Future<?> timeout;
    private boolean isDecided;

    ClientHandshake(
        final List<NetworkRelay> networks, final NetworkPaths paths, final int loopIndex, final boolean isFull,
        final RelayConfig config,
        final MemoryBudget unfinishedBudget, final MemoryBudget unsentBudget, final Consumer<Channel> onUpgraded,
        final ClientAccess access, final ConnectionCount connections, final ChannelGroup httpChannels)
    {
        this.connections = connections;
        this.access = access;
        this.networks = networks;
        this.paths = paths;
        this.loopIndex = loopIndex;
        this.isFull = isFull;
        this.config = config;
        this.unfinishedBudget = unfinishedBudget;
        this.unsentBudget = unsentBudget;
        this.onUpgraded = onUpgraded;
        this.httpChannels = httpChannels;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        if (isFull)
        {
            refuse(context, HttpResponseStatus.SERVICE_UNAVAILABLE,
                "at most " + config.limits().connections() + " connections");
            return;
        }
        timeout = LaterTask.schedule(context.channel(), config.timing().handshakeTimeoutMs(),
            () -> refuse(context, HttpResponseStatus.REQUEST_TIMEOUT, "no request"));
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        try
        {
            if (message instanceof HttpRequest request && !isDecided)
            {
                onRequest(context, request);
            }
        }
        finally
        {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event)
    {
        if (event == Http2Preface.SEEN && !isDecided)
        {
            becomeHttp2(context);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        if (timeout != null)
        {
            timeout.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        networks.get(0).loops()[loopIndex].onCaught(cause);
        context.close();
    }

    private void onRequest(final ChannelHandlerContext context, final HttpRequest request)
    {
        if (request.decoderResult().isFailure())
        {
            refuse(context, HttpResponseStatus.BAD_REQUEST, "malformed request");
            return;
        }
        final HttpFault tooFast = access.firstFault(context.channel(), request.headers(), System.nanoTime());
        if (tooFast != null)
        {
            refuse(context, tooFast, RelayCounter.ACCEPTS_REFUSED);
            return;
        }
        if (!WebSocketServerHandshake.isMeant(request))
        {
            becomeHttp(context, request);
            return;
        }
        final HttpFault page = access.pageFault(request.headers());
        if (page != null)
        {
            refuse(context, page, RelayCounter.PAGES_REFUSED);
            return;
        }
        onWebSocket(context, request);
    }

    private void onWebSocket(final ChannelHandlerContext context, final HttpRequest request)
    {
        final NetworkPaths.Place place = door().placeOf(request.uri());
        final NetworkRelay network = place.isStream() ? null : place.network();
        if (network == null)
        {
            refuse(context, HttpResponseStatus.NOT_FOUND, "no network has this path");
            return;
        }
        final Admission admission = access.admit(request, place.pathKey(), network, System.currentTimeMillis());
        if (admission.fault() != null)
        {
            refuse(context, admission.fault(), RelayCounter.KEYS_REFUSED);
            return;
        }
        final ConnectionOptions options = ConnectionOptions.of(request.uri(), network.config());
        if (options.fault() != null)
        {
            refuse(context, HttpResponseStatus.BAD_REQUEST, options.fault());
            return;
        }
        if (options.wish().token() != null && config.delivery().sessions() == 0)
        {
            refuse(context, HttpResponseStatus.BAD_REQUEST, "relay.session: this relay keeps no sessions");
            return;
        }
        final FullHttpResponse response = WebSocketServerHandshake.answer(
            request, config.doors().deflateMinBytes() > 0);
        if (response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code())
        {
            count(network, RelayCounter.CONNECTIONS_REFUSED);
            isDecided = true;
            timeout.cancel(false);
            writeLast(context, response);
            return;
        }
        if (network.loops()[loopIndex].tryRefuse())
        {
            response.release();
            refuse(context, HttpFault.OWES_TOO_MUCH.status(), HttpFault.OWES_TOO_MUCH.reason());
            return;
        }
        if (!admission.key().rights().tryTakeConnection())
        {
            response.release();
            refuse(context, HttpFault.TOO_MANY_CONNECTIONS, RelayCounter.KEY_LIMITS);
            return;
        }
        becomeWebSocket(context, network, admission, options, response);
    }

    private void becomeWebSocket(
        final ChannelHandlerContext context, final NetworkRelay network, final Admission admission,
        final ConnectionOptions options, final FullHttpResponse response)
    {
        isDecided = true;
        timeout.cancel(false);
        onUpgraded.accept(context.channel());
        final boolean isDeflating = response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        context.writeAndFlush(response);
        context.pipeline().addLast("connection", new ClientConnection(
            network.loops()[loopIndex], config.limits(), config.timing(), unfinishedBudget, unsentBudget,
            options.delivery(),
            options.wish().of(
                network.config().name(), admission.key().rights().name(), ClientAccess.peer(context.channel())),
            admission, isDeflating));
        context.pipeline().remove(this);
        context.pipeline().remove("http");
    }

    /** This and all further requests of the connection are plain HTTP. */
    private void becomeHttp(final ChannelHandlerContext context, final HttpRequest request)
    {
        isDecided = true;
        timeout.cancel(false);
        onUpgraded.accept(context.channel());
        context.pipeline().addLast("http-connection", new HttpConnection(door(), Http1Wire.INSTANCE));
        context.fireChannelRead(request);
        context.pipeline().remove(this);
    }

    /** The socket carries many requests at once, and their answers. */
    private void becomeHttp2(final ChannelHandlerContext context)
    {
        isDecided = true;
        timeout.cancel(false);
        onUpgraded.accept(context.channel());
        // First, since the settings that are sent at once are no text of HTTP/1.1.
        context.pipeline().remove("http");
        Http2Socket.addTo(context.pipeline(), door());
        context.pipeline().remove(this);
    }

    private HttpDoor door()
    {
        return new HttpDoor(
            networks, paths, loopIndex, config, unfinishedBudget, unsentBudget, access, connections, httpChannels);
    }

    private void refuse(final ChannelHandlerContext context, final HttpFault fault, final RelayCounter counter)
    {
        count(networks.get(0), counter);
        refuse(context, fault.status(), fault.reason());
    }

    private void refuse(final ChannelHandlerContext context, final HttpResponseStatus status, final String reason)
    {
        if (isDecided)
        {
            return;
        }
        isDecided = true;
        if (timeout != null)
        {
            timeout.cancel(false);
        }
        count(networks.get(0), RelayCounter.CONNECTIONS_REFUSED);
        final SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null && !tls.handshakeFuture().isSuccess())
        {
            // There are no words for it yet, and the handshake that they would need is dear.
            context.close();
            return;
        }
        final FullHttpResponse response = new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, ByteBufUtil.writeUtf8(context.alloc(), reason + '\n'));
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
            .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        HttpFault.writeTo(response.headers(), status);
        writeLast(context, response);
    }

    /**
     * Hangs up behind a refusal. With bytes of the client's still unread that would reset the connection, which may
     * take the refusal with it, so the socket stays for a moment; unless too many do.
     */
    private void writeLast(final ChannelHandlerContext context, final FullHttpResponse response)
    {
        if (connections.count() > config.limits().connections() + MAX_LINGERING)
        {
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
        else
        {
            SocketEnd.write(context.channel(), response);
        }
    }

    private void count(final NetworkRelay network, final RelayCounter counter)
    {
        network.loops()[loopIndex].counters().increment(counter);
    }
}

package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.config.TimingConfig;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.LaterTask;
import io.ringcast.transport.loop.PingToken;
import io.ringcast.transport.loop.WebSocketCutter;
import io.ringcast.transport.websocket.ControlFrameEncoder;
import io.ringcast.transport.websocket.MaskKeys;
import io.ringcast.transport.websocket.WebSocketCloseCode;
import io.ringcast.transport.websocket.WebSocketFrameListener;
import io.ringcast.transport.websocket.WebSocketRole;

import java.util.concurrent.TimeUnit;

/**
 * One WebSocket to an upstream after its handshake.
 * Confined to the I/O loop that owns the socket.
 */
final class UpstreamConnection extends UpstreamSocket implements WebSocketFrameListener
{
    private final TimingConfig timing;
    private final MaskKeys maskKeys = new MaskKeys();
    private final ControlFrameEncoder control = ControlFrameEncoder.forClient(maskKeys);
    private long lastInboundNs = System.nanoTime();
    private boolean isPinged;

    UpstreamConnection(final UpstreamClient client, final SocketLink link)
    {
        super(client, link);
        timing = client.relayConfig().timing();
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext context)
    {
        begin(context.channel(), new WebSocketUpstreamOutlet(context, client, link, maskKeys), new WebSocketCutter(
            WebSocketRole.CLIENT, client.relayConfig().limits().upstreamMessageBytes(), loop.publisher(), this,
            null));
        scheduleCheck();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        if (!(message instanceof ByteBuf in))
        {
            // The end of the handshake's response, from the HTTP codec that is just leaving.
            ReferenceCountUtil.release(message);
            return;
        }
        lastInboundNs = System.nanoTime();
        isPinged = false;
        read(in);
    }

    @Override
    public boolean onMessage(final ReceivedFrame message, final boolean text)
    {
        loop.publisher().decode(message);
        return take(message);
    }

    @Override
    public void onPing(final byte[] payload, final int lengthBytes)
    {
        final ByteBuf out = channel().alloc().directBuffer(ControlFrameEncoder.MAX_FRAME_BYTES);
        control.pong(out, payload, lengthBytes);
        outlet().writeAndFlush(out);
    }

    @Override
    public void onPong(final byte[] payload, final int lengthBytes)
    {
        // Any inbound byte counts as life.
    }

    @Override
    public void onClose(final int code, final byte[] reason, final int offset, final int lengthBytes)
    {
        link.onClosedByUpstream(code);
    }

    @Override
    public void onViolation(final int closeCode, final String reason)
    {
        if (closeCode == WebSocketCloseCode.TOO_BIG)
        {
            loop.counters().increment(RelayCounter.UPSTREAM_TOO_BIG);
        }
        link.close("protocol violation by the upstream: " + reason);
    }

    /**
     * A silent upstream is pinged; one that stays silent is given up, long before TCP would. One that can't be looked
     * at is given up, too: without the next look it would never again be found dead.
     */
    private void scheduleCheck()
    {
        final long idleMs = isPinged ? timing.pongTimeoutMs() : timing.pingIdleMs();
        final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastInboundNs);
        final long delayMs = isPinged ? idleMs : Math.max(1, idleMs - elapsedMs);
        LaterTask.schedule(channel(), delayMs, this::check);
    }

    private void check()
    {
        if (!channel().isActive())
        {
            return;
        }
        if (reader().isClosed())
        {
            // Whatever it has sent lies unread: its silence is the relay's.
            lastInboundNs = System.nanoTime();
            isPinged = false;
        }
        final long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastInboundNs);
        if (isPinged && silentMs >= timing.pongTimeoutMs())
        {
            link.close("silent for " + silentMs + " ms");
            return;
        }
        if (!isPinged && silentMs >= timing.pingIdleMs())
        {
            isPinged = true;
            client.signs().onAsked(System.nanoTime());
            final ByteBuf out = channel().alloc().directBuffer(ControlFrameEncoder.MAX_FRAME_BYTES);
            control.ping(out, PingToken.bytes(0), PingToken.BYTES);
            outlet().writeAndFlush(out);
        }
        scheduleCheck();
    }
}

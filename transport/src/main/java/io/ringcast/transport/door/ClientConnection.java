package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.frame.Utf8Check;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ReadPositions;
import io.ringcast.transport.loop.GatedReader;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.PingToken;
import io.ringcast.transport.loop.WebSocketCutter;
import io.ringcast.transport.websocket.ControlFrameEncoder;
import io.ringcast.transport.websocket.WebSocketCloseCode;
import io.ringcast.transport.websocket.WebSocketFrameListener;
import io.ringcast.transport.websocket.WebSocketRole;

import java.util.concurrent.TimeUnit;

/**
 * One downstream WebSocket after its handshake: keeps it alive, answers its control frames, closes it.
 * Confined to the I/O loop that owns the socket.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements WebSocketFrameListener
{
    private static final ControlFrameEncoder CONTROL = ControlFrameEncoder.forServer();
    private static final long IDLE_TOKEN = 0;
    private static final String DOOR = "websocket";

    private final NetworkLoop loop;
    private final LimitsConfig limits;
    private final TimingConfig timing;
    private final BudgetShare unfinished;
    private final MemoryBudget unsentBudget;
    /** What the URL asked for, null if nothing. */
    private final DeliveryOptions options;
    /** What the URL asked for as a whole. */
    private final ConnectionWish wish;
    private final Admission admission;
    /** True if the handshake has agreed on compression. */
    private final boolean isDeflating;
    private Channel channel;
    private SocketOutlet outlet;
    private GatedReader reader;
    private boolean isOpen = true;

    private byte[] pongPayload;
    private int pongBytes = -1;
    private long lastInboundNs = System.nanoTime();
    private long pingedAtNs;
    /** Of the outlet's proofs, the one that match was told last. */
    private long toldProofs;

    ClientConnection(
        final NetworkLoop loop, final LimitsConfig limits, final TimingConfig timing,
        final MemoryBudget unfinishedBudget, final MemoryBudget unsentBudget, final DeliveryOptions options,
        final ConnectionWish wish, final Admission admission, final boolean isDeflating)
    {
        this.isDeflating = isDeflating;
        this.loop = loop;
        this.limits = limits;
        this.timing = timing;
        unfinished = new BudgetShare(unfinishedBudget);
        this.unsentBudget = unsentBudget;
        this.options = options;
        this.wish = wish;
        this.admission = admission;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext context)
    {
        channel = context.channel();
        final ChannelHandlerContext tls = channel.pipeline().get(SslHandler.class) == null ? null : context;
        outlet = isDeflating ?
            new DeflatedOutlet(
                loop.nextConnectionId(), this, channel, tls, loop, limits, unsentBudget,
                DoorForms.of(loop).deflatedRuns()) :
            new SocketOutlet(loop.nextConnectionId(), this, channel, tls, loop, limits, unsentBudget);
        reader = new GatedReader(
            new WebSocketCutter(WebSocketRole.SERVER, limits.messageBytes(), loop.publisher(), this,
                isDeflating ? DoorForms.of(loop).inflationTurns() : null),
            false, channel, loop.publisher(), this::tryPublish, this::afterRead);
        loop.egress().addConnection(outlet);
        open();
        loop.counters().increment(RelayCounter.CONNECTIONS_OPENED);
        if (isDeflating)
        {
            loop.counters().increment(RelayCounter.DEFLATED_CONNECTIONS);
        }
        ConnectionLog.opened(loop, outlet.connectionId(), DOOR, channel);
    }

    private void open()
    {
        if (wish.sessionKey() != null)
        {
            loop.egress().followReading(outlet);
        }
        if (!wish.equals(ConnectionWish.NOTHING))
        {
            loop.publishSurely(
                EventKind.CLIENT_OPENED, outlet.connectionId(), admission.key().rights(), options, wish.toText());
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        if (!(message instanceof ByteBuf in))
        {
            // The end of the handshake's request, from the HTTP codec that is just leaving.
            ReferenceCountUtil.release(message);
            return;
        }
        lastInboundNs = System.nanoTime();
        reader.read(in, lastInboundNs);
        if (isOpen)
        {
            afterRead();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        leave();
        context.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context)
    {
        if (channel.isWritable())
        {
            outlet.onWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        loop.onCaught(cause);
        // A reset by the peer, mostly; leave() counts the end of the connection.
        closeNow();
    }

    @Override
    public boolean onMessage(final ReceivedFrame message, final boolean text)
    {
        loop.publisher().decode(message);
        if (text && message.view.kind == FrameKind.INVALID_JSON &&
            !Utf8Check.isValid(message.bytes, 0, message.length))
        {
            loop.publisher().giveFrame(message);
            onViolation(WebSocketCloseCode.INVALID_TEXT, "text is not UTF-8");
            return true;
        }
        return reader.publish(message);
    }

    /** Only the last ping of a read is answered, as RFC 6455 section 5.5.3 allows: a flood of pings costs one pong. */
    @Override
    public void onPing(final byte[] payload, final int lengthBytes)
    {
        if (pongPayload == null || pongPayload.length < lengthBytes)
        {
            pongPayload = new byte[lengthBytes];
        }
        System.arraycopy(payload, 0, pongPayload, 0, lengthBytes);
        pongBytes = lengthBytes;
    }

    @Override
    public void onPong(final byte[] payload, final int lengthBytes)
    {
        if (lengthBytes == PingToken.BYTES)
        {
            loop.egress().onPong(outlet, PingToken.read(payload), lastInboundNs);
            if (loop.egress().hasCatchUpsDue())
            {
                loop.wake();
            }
        }
    }

    @Override
    public void onClose(final int code, final byte[] reason, final int offset, final int lengthBytes)
    {
        close(CloseReason.answer(code));
    }

    @Override
    public void onViolation(final int closeCode, final String reason)
    {
        loop.counters().increment(RelayCounter.CLOSED_VIOLATION);
        close(CloseReason.violation(closeCode, reason));
    }

    /** The server stops: the code tells clients to come back. */
    void closeForRestart()
    {
        close(CloseReason.restart(loop.epoch(), outlet.positions(',')));
    }

    void closeSlow()
    {
        if (isOpen)
        {
            loop.counters().increment(RelayCounter.CLOSED_SLOW);
            SocketEnd.writeLast(channel, closeFrame(CloseReason.slow(loop.epoch(), outlet.positions(','))));
            new SlowEnd(channel, outlet, loop.counters()).begin();
        }
    }

    void closeTakenOver()
    {
        close(CloseReason.TAKEN_OVER);
    }

    void closeNow()
    {
        leave();
        channel.close();
    }

    void ping(final long token)
    {
        final ByteBuf out = channel.alloc().directBuffer(PingToken.FRAME_BYTES);
        CONTROL.ping(out, PingToken.bytes(token), PingToken.BYTES);
        outlet.writeControl(out);
    }

    /**
     * Checks what needs time: a silent client is pinged, a dead one closed.
     *
     * @param nowNs the time.
     */
    void onTick(final long nowNs)
    {
        outlet.returnBudget();
        if (!isOpen)
        {
            return;
        }
        if (loop.isRecorded() && !loop.isBehind())
        {
            // So that a process after this one knows it, should this one be killed.
            tellRead();
        }
        final CloseReason ended = admission.ended(loop.counters());
        if (ended != null)
        {
            close(ended);
            return;
        }
        if (reader.isClosed())
        {
            // Whatever it has answered lies unread: its silence is the relay's.
            lastInboundNs = nowNs;
        }
        if (outlet.hasTakenWaiting())
        {
            // A ping is behind what is being taken: its pong can't be there.
            lastInboundNs = nowNs;
        }
        if (pingedAtNs != 0 && lastInboundNs - pingedAtNs > 0)
        {
            pingedAtNs = 0;
        }
        if (pingedAtNs == 0 && nowNs - lastInboundNs > TimeUnit.MILLISECONDS.toNanos(timing.pingIdleMs()))
        {
            pingedAtNs = nowNs;
            ping(IDLE_TOKEN);
        }
        else if (pingedAtNs != 0 && nowNs - pingedAtNs > TimeUnit.MILLISECONDS.toNanos(timing.pongTimeoutMs()))
        {
            loop.counters().increment(RelayCounter.CLOSED_NO_PONG);
            close(CloseReason.NO_PONG);
        }
    }

    /** The session goes on behind this when the client comes back. */
    private void tellRead()
    {
        final ReadPositions read = outlet.readPositions();
        if (read != null && outlet.readProofs() != toldProofs)
        {
            toldProofs = outlet.readProofs();
            final byte[] text = new byte[read.lengthBytes()];
            read.writeTo(text);
            loop.publishSurely(EventKind.CLIENT_READ, outlet.connectionId(), null, null, text);
        }
    }

    private boolean tryPublish(final ReceivedFrame message, final long readAtNs)
    {
        return !loop.publisher().isHeld() && !loop.isBehind() &&
            loop.publisher().tryPublishClientFrame(
                outlet.connectionId(), admission.key().rights(), options, message, readAtNs);
    }

    private void afterRead()
    {
        if (pongBytes >= 0)
        {
            pong();
        }
        if (!isOpen)
        {
            // The pong was one too many.
            return;
        }
        if (!unfinished.change(reader.unfinishedBytes()))
        {
            loop.counters().increment(RelayCounter.CLOSED_OVERLOAD);
            close(CloseReason.OVERLOAD);
        }
    }

    private void pong()
    {
        final ByteBuf out = channel.alloc().directBuffer(ControlFrameEncoder.MAX_FRAME_BYTES);
        CONTROL.pong(out, pongPayload, pongBytes);
        pongBytes = -1;
        outlet.writeControl(out);
    }

    /** Sends a close frame, then nothing more; the socket goes when the peer goes, or soon without it. */
    private void close(final CloseReason reason)
    {
        if (isOpen)
        {
            SocketEnd.write(channel, closeFrame(reason));
        }
    }

    private ByteBuf closeFrame(final CloseReason reason)
    {
        ConnectionLog.closing(loop, outlet.connectionId(), DOOR, reason.code() + " " + reason.text());
        leave();
        final ByteBuf out = channel.alloc().directBuffer(ControlFrameEncoder.MAX_FRAME_BYTES);
        CONTROL.close(out, reason.code(), reason.text());
        return out;
    }

    /** The connection takes no part any more: its subscriptions end and its memory goes back. Harmless twice. */
    private void leave()
    {
        if (!isOpen)
        {
            return;
        }
        isOpen = false;
        tellRead();
        admission.key().rights().giveConnection();
        outlet.close();
        loop.egress().removeConnection(outlet);
        reader.end();
        unfinished.giveBack();
        loop.counters().increment(RelayCounter.CONNECTIONS_CLOSED);
        ConnectionLog.closed(loop, outlet.connectionId(), DOOR);
        loop.publishSurely(EventKind.CLIENT_CLOSED, outlet.connectionId(), 0);
    }
}

package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * One connection to the subject under test: the handshake, pongs and frames; what the messages mean is the subclass's.
 * Confined to its event loop.
 */
abstract class LoadConnection extends ChannelInboundHandlerAdapter implements FrameScanner.Listener
{
    private static final byte[] RESULT = "\"result\"".getBytes(StandardCharsets.US_ASCII);
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String DEFLATE = "permessage-deflate";

    private final ClientLoop loop;
    private final LoadListener listener;
    private final String request;
    private final boolean deflates;
    private final boolean isTls;
    private final HttpHead head = new HttpHead();
    private ChannelHandlerContext context;
    private FrameScanner scanner;
    private boolean isOpen;
    private boolean isReady;
    private boolean isUnflushed;

    LoadConnection(final ClientLoop loop, final LoadListener listener, final LoadTarget target, final String path)
    {
        this.loop = loop;
        this.listener = listener;
        request = request(target, path);
        deflates = target.deflates();
        isTls = target.isTls();
    }

    static String request(final LoadTarget target, final String path)
    {
        return "GET " + path + " HTTP/1.1\r\nHost: " + target.host() + ':' + target.port() +
            "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + KEY +
            "\r\nSec-WebSocket-Version: 13\r\n" +
            (target.deflates() ? "Sec-WebSocket-Extensions: " + DEFLATE + "\r\n" : "") + "\r\n";
    }

    /** The handshake is done. */
    abstract void onOpen();

    final ClientLoop loop()
    {
        return loop;
    }

    /** The subscription is confirmed, or there is nothing to confirm. */
    final void ready()
    {
        if (!isReady)
        {
            isReady = true;
            listener.onReady();
        }
    }

    /** The subject said something that no run can go on with. */
    final void fail(final String reason)
    {
        listener.onFailed(reason);
    }

    /** A message that is no item: it confirms the subscription, once; nothing else was asked for. */
    final void onAnswer(final ByteBuf bytes, final int index, final int end)
    {
        if (!isReady && Bytes.indexOf(bytes, index, end, RESULT) >= 0)
        {
            ready();
        }
        else
        {
            fail("unexpected message: " + bytes.toString(index, Math.min(200, end - index), StandardCharsets.UTF_8));
        }
    }

    final void send(final int opcode, final String text)
    {
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuf frame = context.alloc().buffer(payload.length + 14);
        FrameScanner.writeHead(frame, opcode, payload.length, true);
        send(frame.writeBytes(payload));
    }

    /** Takes ownership; flushed when what was read is done with. */
    final void send(final ByteBuf frame)
    {
        context.write(frame, context.voidPromise());
        isUnflushed = true;
    }

    final ByteBuf newFrame(final int bytes)
    {
        return context.alloc().buffer(bytes);
    }

    final void flush()
    {
        if (isUnflushed)
        {
            isUnflushed = false;
            context.flush();
        }
    }

    @Override
    public final void channelActive(final ChannelHandlerContext ctx)
    {
        context = ctx;
        scanner = new FrameScanner(ctx.alloc(), this);
        ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request));
    }

    @Override
    public final void channelRead(final ChannelHandlerContext ctx, final Object message)
    {
        final ByteBuf bytes = (ByteBuf)message;
        if (!isTls)
        {
            loop.onWireBytes(bytes.readableBytes());
        }
        if (isOpen)
        {
            scanner.read(bytes);
        }
        else if (!head.read(bytes))
        {
            bytes.release();
        }
        else if (!head.firstLine().contains(" 101"))
        {
            bytes.release();
            listener.onFailed("handshake refused: " + head.firstLine());
            ctx.close();
        }
        else if (deflates && !head.field("sec-websocket-extensions").startsWith(DEFLATE))
        {
            bytes.release();
            listener.onFailed("compression refused");
            ctx.close();
        }
        else
        {
            isOpen = true;
            onOpen();
            scanner.read(bytes);
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx)
    {
        flush();
    }

    @Override
    public final void onDeflated(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        final ByteBuf text = loop.inflation().inflate(bytes, index, lengthBytes);
        onMessage(text, 0, text.readableBytes());
    }

    @Override
    public final void onControl(final int opcode, final ByteBuf bytes, final int index, final int lengthBytes)
    {
        if (opcode == FrameScanner.PING)
        {
            final ByteBuf pong = newFrame(lengthBytes + 6);
            FrameScanner.writeHead(pong, FrameScanner.PONG, lengthBytes, true);
            send(pong.writeBytes(bytes, index, lengthBytes));
        }
        else if (opcode == FrameScanner.CLOSE)
        {
            final int code = lengthBytes >= 2 ? bytes.getUnsignedShort(index) : 0;
            listener.onFailed("closed by the other side with code " + code);
            context.close();
        }
    }

    @Override
    public final void channelInactive(final ChannelHandlerContext ctx)
    {
        scanner.close();
        listener.onClosed();
    }

    @Override
    public final void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        listener.onFailed(String.valueOf(cause));
        ctx.close();
    }
}

package io.ringcast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One connection of the relay to a {@link FakeUpstream}, as it is written to: texts in any shape, and whatever a node
 * should not do.
 * Any thread, except that frames come in on the I/O thread.
 */
abstract class FakeSession extends SimpleChannelInboundHandler<Object>
{
    private final FakeListener door;
    private volatile Channel channel;

    FakeSession(final FakeListener door)
    {
        this.door = door;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext context)
    {
        channel = context.channel();
    }

    /** How messages are laid out now. */
    abstract FakeUpstream.Shape shape();

    /** Whether a POST's connection ends behind its answer. */
    abstract boolean isClosingAfterAnswer();

    final ChannelFuture close()
    {
        return channel.close();
    }

    /** Sends a text in the shape that is set. */
    final void send(final String text)
    {
        if (door.isHttp())
        {
            sendHttp(200, text);
            return;
        }
        switch (shape())
        {
            case ONE_FRAME:
                sendRaw(frame(text));
                break;

            case FRAGMENTS:
                sendRaw(door.isIpc() ? frame(text + '\n') : FakeFrames.fragments(text + '\n'));
                break;

            default:
                final ByteBuf bytes = frame(text);
                while (bytes.isReadable())
                {
                    sendRaw(bytes.readBytes(1));
                }
                bytes.release();
                break;
        }
    }

    /** Sends bytes as they are, in one write. */
    final ChannelFuture sendRaw(final ByteBuf bytes)
    {
        // Over HTTP past the codec, which would refuse them.
        return door.isHttp() ? channel.pipeline().context(HttpServerCodec.class).writeAndFlush(bytes) :
            channel.writeAndFlush(bytes);
    }

    /** Sends the first half of a text in the shape that is set. */
    final TextInHalves sendHalf(final String text)
    {
        final byte[] body = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuf bytes = door.isHttp() ? Unpooled.wrappedBuffer(
            ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII),
            body) : shape() == FakeUpstream.Shape.FRAGMENTS ? FakeFrames.fragments(text) : frame(text);
        final ChannelFuture sent = sendRaw(bytes.readBytes(bytes.readableBytes() / 2));
        return new TextInHalves(sent, () -> sendRaw(bytes));
    }

    /** A text whose first half is on its way. */
    record TextInHalves(ChannelFuture sent, Runnable rest)
    {
    }

    /** Answers the POST under way. */
    final void sendHttp(final int status, final String body)
    {
        final DefaultFullHttpResponse response = new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status),
            Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        HttpUtil.setContentLength(response, response.content().readableBytes());
        if (isClosingAfterAnswer())
        {
            HttpUtil.setKeepAlive(response, false);
            channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.writeAndFlush(response);
    }

    /** Sends two messages in one write. */
    final void sendTogether(final String... texts)
    {
        final ByteBuf bytes = Unpooled.buffer();
        for (final String text : texts)
        {
            final ByteBuf frame = frame(text);
            bytes.writeBytes(frame);
            frame.release();
        }
        sendRaw(bytes);
    }

    /** Sends the first half of a message and hangs up. */
    final void cutMidFrame(final String text)
    {
        final ByteBuf bytes = frame(text);
        channel.writeAndFlush(bytes.readSlice(bytes.readableBytes() / 2)).addListener(ChannelFutureListener.CLOSE);
    }

    final void closeWith(final int code)
    {
        channel.writeAndFlush(new CloseWebSocketFrame(code, "")).addListener(ChannelFutureListener.CLOSE);
    }

    /** Ends the connection with a reset. */
    final void reset()
    {
        if (!door.isIpc())
        {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /** Sends an unsolicited pong at a rate, so that the relay takes it for alive. */
    final void showLife(final long periodMs)
    {
        channel.eventLoop().scheduleAtFixedRate(
            () -> channel.writeAndFlush(new PongWebSocketFrame()), 0, periodMs, TimeUnit.MILLISECONDS);
    }

    final void stopReading()
    {
        channel.config().setAutoRead(false);
    }

    final void resumeReading()
    {
        channel.config().setAutoRead(true);
    }

    private ByteBuf frame(final String text)
    {
        return door.isIpc() ? Unpooled.copiedBuffer(text, StandardCharsets.UTF_8) : FakeFrames.whole(text);
    }
}

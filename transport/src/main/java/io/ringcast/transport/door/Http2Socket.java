package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;

/**
 * One socket that speaks HTTP/2: makes an {@link HttpConnection} of each stream, and ends when none has come for long.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>What a client may make it keep or do is bound from the first byte on, not from when it has agreed to it: streams
 * at once, the list of headers, frames that must be answered, streams that it resets (CVE-2023-44487) or has the relay
 * reset (CVE-2025-8671), and frames without a use.
 */
final class Http2Socket extends ChannelInboundHandlerAdapter
{
    /** How many streams may be reset in {@link #RESET_WINDOW_SECONDS}, by either side. A page that goes resets its. */
    static final int MAX_RESETS = 200;
    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int MAX_QUEUED_CONTROL_FRAMES = 1_000;
    private static final int MAX_EMPTY_FRAMES = 2;

    private final HttpDoor door;
    private final Http2FrameCodec codec;
    private ChannelHandlerContext context;
    private HttpDeadline idle;

    private Http2Socket(final HttpDoor door, final Http2FrameCodec codec)
    {
        this.door = door;
        this.codec = codec;
    }

    /** Adds what speaks HTTP/2 to the pipeline of a socket whose preface is about to be read. */
    static void addTo(final ChannelPipeline pipeline, final HttpDoor door)
    {
        final RelayConfig config = door.config();
        final int maxStreams = config.doors().http2Streams();
        final Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
            .initialSettings(Http2Settings.defaultSettings()
                .maxConcurrentStreams(maxStreams)
                .maxHeaderListSize(config.access().headerBytes()))
            .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES)
            .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
            .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
            .encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
            .gracefulShutdownTimeoutMillis(config.timing().drainMs())
            .build();
        // By itself it counts streams only from when the client has confirmed the settings, which it may never do.
        codec.connection().remote().maxActiveStreams(maxStreams);
        final Http2Socket socket = new Http2Socket(door, codec);
        codec.connection().addListener(socket.new Goodbye());
        pipeline.addLast("http2", codec);
        pipeline.addLast("http2-streams", new Http2MultiplexHandler(socket.streams(pipeline.channel())));
        pipeline.addLast("http2-socket", socket);
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext added)
    {
        context = added;
        idle = new HttpDeadline(added.channel(), this::onIdle);
        idle.set(door.config().doors().httpIdleMs());
        door.channels().add(added.channel());
        count(RelayCounter.HTTP2_CONNECTIONS);
    }

    /** Settings, pings and the like, which the codec has answered. */
    @Override
    public void channelRead(final ChannelHandlerContext ignored, final Object message)
    {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ignored)
    {
        idle.cancel();
    }

    /** The codec tells the client why and hangs up by itself. */
    @Override
    public void exceptionCaught(final ChannelHandlerContext ignored, final Throwable cause)
    {
        if (!(cause instanceof Http2Exception))
        {
            door.loop(door.networks().get(0)).onCaught(cause);
            context.channel().unsafe().closeForcibly();
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ignored, final Object event)
    {
        if (event == HttpDoor.STOPPING)
        {
            end();
        }
    }

    /** Sees each end of a connection that the relay decides on, whatever part of the codec asked for it. */
    private final class Goodbye extends Http2ConnectionAdapter
    {
        private boolean isCounted;

        @Override
        public void onGoAwaySent(final int lastStream, final long code, final ByteBuf words)
        {
            if (code != Http2Error.NO_ERROR.code() && !isCounted)
            {
                isCounted = true;
                count(RelayCounter.HTTP2_VIOLATIONS);
            }
        }
    }

    private ChannelHandler streams(final Channel socket)
    {
        final HttpWire wire = new Http2Wire(door, socket);
        return new ChannelInitializer<>()
        {
            @Override
            protected void initChannel(final Channel stream)
            {
                idle.set(door.config().doors().httpIdleMs());
                stream.pipeline().addLast("http", new Http2StreamFrameToHttpObjectCodec(true));
                stream.pipeline().addLast("http-connection", new HttpConnection(door, wire));
            }
        };
    }

    private void onIdle()
    {
        if (codec.connection().numActiveStreams() == 0)
        {
            end();
        }
        else
        {
            idle.set(door.config().doors().httpIdleMs());
        }
    }

    /** Says that no further stream is taken; the socket ends with the last one, or soon without it. */
    private void end()
    {
        context.close();
    }

    private void count(final RelayCounter counter)
    {
        door.loop(door.networks().get(0)).counters().increment(counter);
    }
}

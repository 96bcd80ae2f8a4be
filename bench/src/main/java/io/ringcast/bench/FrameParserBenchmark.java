package io.ringcast.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.bench.fixture.OneFrame;
import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.transport.websocket.WebSocketFrameParser;
import io.ringcast.transport.websocket.WebSocketRole;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Step 1: one message cut from the bytes of a socket, copied to the heap and unmasked.
 * Confined to the thread that measures.
 */
public class FrameParserBenchmark extends RelayBenchmark
{
    private static final int MAX_MESSAGE_BYTES = 1024 * 1024;
    private static final int TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int TWO_LENGTH_BYTES = 126;
    private static final byte[] MASK_KEY = {0x11, 0x22, 0x33, 0x44};

    private final OneFrame frame = new OneFrame();
    private final WebSocketFrameParser server =
        new WebSocketFrameParser(WebSocketRole.SERVER, MAX_MESSAGE_BYTES, frame);
    private final WebSocketFrameParser client =
        new WebSocketFrameParser(WebSocketRole.CLIENT, MAX_MESSAGE_BYTES, frame);
    private ByteBuf masked;
    private ByteBuf unmasked;

    /** Lays the two frames out. */
    @Setup
    public void setUp()
    {
        final byte[] call = SampleTexts.call();
        masked = Unpooled.directBuffer();
        masked.writeByte(TEXT).writeByte(MASKED | TWO_LENGTH_BYTES).writeShort(call.length).writeBytes(MASK_KEY);
        for (int i = 0; i < call.length; i++)
        {
            masked.writeByte(call[i] ^ MASK_KEY[i & 3]);
        }
        final byte[] head = SampleTexts.headNotification();
        unmasked = Unpooled.directBuffer();
        unmasked.writeByte(TEXT).writeByte(TWO_LENGTH_BYTES).writeShort(head.length).writeBytes(head);
    }

    /** Gives the buffers back. */
    @TearDown
    public void tearDown()
    {
        masked.release();
        unmasked.release();
    }

    /**
     * A client's call of 172 bytes.
     *
     * @return the bytes of all messages so far.
     */
    @Benchmark
    public long maskedCall()
    {
        masked.readerIndex(0);
        server.parse(masked, frame);
        return frame.messageBytes;
    }

    /**
     * An upstream's head of 1.8 KB.
     *
     * @return the bytes of all messages so far.
     */
    @Benchmark
    public long unmaskedHead()
    {
        unmasked.readerIndex(0);
        client.parse(unmasked, frame);
        return frame.messageBytes;
    }
}

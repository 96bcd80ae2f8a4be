package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Confined to the test thread. */
final class FrameScannerTest implements FrameScanner.Listener
{
    private final List<String> frames = new ArrayList<>();

    @Override
    public void onMessage(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        frames.add(bytes.toString(index, lengthBytes, StandardCharsets.US_ASCII));
    }

    @Override
    public void onControl(final int opcode, final ByteBuf bytes, final int index, final int lengthBytes)
    {
        frames.add(opcode + ":" + bytes.toString(index, lengthBytes, StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1000, 100_000})
    void shouldFindEveryFrameWhenTheyComeInPieces(final int pieceBytes)
    {
        final String medium = "m".repeat(300);
        final String large = "l".repeat(pieceBytes < 64 ? 700 : 70_000);
        final ByteBuf wire = Unpooled.buffer();
        append(wire, FrameScanner.TEXT, "first", false);
        append(wire, FrameScanner.PING, "p", true);
        append(wire, FrameScanner.TEXT, medium, true);
        append(wire, FrameScanner.BINARY, large, false);
        // a message in three fragments, with a pong between them
        wire.writeByte(1).writeByte(2).writeBytes(bytes("ab"));
        wire.writeByte(0).writeByte(2).writeBytes(bytes("cd"));
        append(wire, FrameScanner.PONG, "", false);
        wire.writeByte(0x80).writeByte(1).writeBytes(bytes("e"));
        // masked with a key that is not zero
        wire.writeByte(0x81).writeByte(0x85).writeInt(0x01020304);
        for (int i = 0; i < 5; i++)
        {
            wire.writeByte("plain".charAt(i) ^ i % 4 + 1);
        }

        try (FrameScanner scanner = new FrameScanner(UnpooledByteBufAllocator.DEFAULT, this))
        {
            while (wire.isReadable())
            {
                scanner.read(wire.readBytes(Math.min(pieceBytes, wire.readableBytes())));
            }
        }
        wire.release();

        assertEquals(List.of("first", "9:p", medium, large, "10:", "abcde", "plain"), frames);
    }

    private static void append(final ByteBuf wire, final int opcode, final String text, final boolean isMasked)
    {
        FrameScanner.writeHead(wire, opcode, text.length(), isMasked);
        wire.writeBytes(bytes(text));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

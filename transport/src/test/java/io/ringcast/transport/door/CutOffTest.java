package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.egress.Outlet;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/**
 * A client of WebSocket is closed in a batch in which it was given something: the reason of the close tells the
 * position behind it, so it goes out first.
 * Confined to the test thread.
 */
class CutOffTest
{
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n" +
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private NetworkRelay network;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWhatWasNotedBeforeTheCloseFrame(final boolean isTakenOver)
    {
        final EmbeddedChannel other = new EmbeddedChannel();
        try (EmbeddedDoor door = EmbeddedDoor.after(false, started -> network = started, other.eventLoop()))
        {
            read(door, REQUEST);
            final int before = door.written().length;
            final Outlet outlet = network.loops()[0].egress().connections().get(0);
            final ByteBuf item = Unpooled.copiedBuffer("an item", StandardCharsets.US_ASCII);

            outlet.append(item, 0, item.readableBytes(), 0, 1);
            if (isTakenOver)
            {
                outlet.takeOver();
            }
            else
            {
                outlet.cutOff();
            }
            read(door, "");

            final String written = new String(door.written(), before, door.written().length - before,
                StandardCharsets.ISO_8859_1);
            assertTrue(written.startsWith("an item\u0088"), written);
            assertEquals(isTakenOver, !written.contains("slow;"), written);
            item.release();
        }
        other.close();
    }

    private static void read(final EmbeddedDoor door, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        door.read(bytes, 0, bytes.length);
    }
}

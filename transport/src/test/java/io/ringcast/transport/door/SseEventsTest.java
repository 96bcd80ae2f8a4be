package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.transport.websocket.WebSocketHeader;
import io.ringcast.transport.websocket.WebSocketOpcode;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SseEventsTest
{
    private static final String HEAD = "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":";

    private final SseEvents events = new SseEvents("e");

    @Test
    void shouldMakeAFieldOfEachLine()
    {
        assertEquals("id: e.7\nevent: eth_subscription\n" +
            "data: " + HEAD + "{\ndata: \ndata: \"a\":1\ndata: }}\ndata: \n\n", event(HEAD + "{\r\n\"a\":1\n}}\n"));
        assertEquals("id: e.7\nevent: eth_subscription\ndata: " + HEAD + "{}}\n\n", event(HEAD + "{}}"));
    }

    /** Whoever may publish chooses the white space; with a copy for each line this would take hours. */
    @Test
    void shouldTakeALineAtATimeGivenNothingButLines()
    {
        final int lines = 2_000_000;

        assertEquals("id: e.7\nevent: eth_subscription\ndata: " + HEAD + "\ndata: ".repeat(lines) + "1}\n\n",
            event(HEAD + "\n".repeat(lines) + "1}"));
    }

    /** What a node answered stands in it as it came. */
    @Test
    void shouldMakeAFieldOfEachLineGivenNoNumber()
    {
        assertEquals("event: eth_subscription\ndata: " + HEAD + "{\ndata: }}\n\n",
            SseEvents.unnumbered((HEAD + "{\n}}").getBytes(StandardCharsets.US_ASCII)));
    }

    /** A mark has the number of the item before it; a stream may be asked for it when another has taken it first. */
    @Test
    void shouldWriteEachHandOutOnceWhateverItsNumberIs()
    {
        final ByteBuf item = frame(HEAD + "{\"item\":1}}");
        final ByteBuf mark = frame(HEAD + "{\"mark\":1}}");

        events.write(7, 1, item, item.writerIndex(), 0, item.writerIndex());
        assertTrue(written().contains("id: e.7\n") && written().contains("item"), written());
        events.write(7, 2, mark, mark.writerIndex(), 0, mark.writerIndex());
        assertTrue(written().contains("id: e.7\n") && written().contains("mark"), written());
        events.write(7, 2, item, item.writerIndex(), 0, item.writerIndex());
        assertTrue(written().contains("mark"), written());
        events.write(":\n\n");
        events.write(7, 2, mark, mark.writerIndex(), 0, mark.writerIndex());
        assertTrue(written().contains("mark"), written());
    }

    private String event(final String text)
    {
        final ByteBuf frame = frame(text);
        events.write("7", frame, frame.writerIndex(), 0, frame.writerIndex());
        return written();
    }

    private static ByteBuf frame(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        final ByteBuf frame = Unpooled.buffer(WebSocketHeader.MAX_BYTES + bytes.length);
        return frame.writerIndex(WebSocketHeader.write(frame, 0, WebSocketOpcode.TEXT, bytes.length))
            .writeBytes(bytes);
    }

    private String written()
    {
        final ByteBuf out = Unpooled.buffer(events.lengthBytes(false));
        events.writeTo(out, false);
        return out.toString(StandardCharsets.US_ASCII);
    }
}

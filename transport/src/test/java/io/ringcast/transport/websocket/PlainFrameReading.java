package io.ringcast.transport.websocket;

import io.ringcast.transport.websocket.RecordingFrameListener.Event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RFC 6455 written down a second time, over a whole stream at once and without a care for speed.
 * Confined to the test's thread.
 */
final class PlainFrameReading
{
    private final List<Event> events = new ArrayList<>();
    private final ByteBuffer in;
    private final boolean isMasked;
    private final int maxMessageBytes;
    /** The fragments so far, null between messages. */
    private ByteArrayOutputStream message;
    private boolean isText;

    private PlainFrameReading(final ByteBuffer in, final boolean isMasked, final int maxMessageBytes)
    {
        this.in = in;
        this.isMasked = isMasked;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** What is in a stream, up to the first thing that ends it. */
    static List<Event> of(final byte[] stream, final int from, final boolean isMasked, final int maxMessageBytes)
    {
        final PlainFrameReading reading = new PlainFrameReading(
            ByteBuffer.wrap(stream, from, stream.length - from), isMasked, maxMessageBytes);
        while (reading.tryFrame())
        {
            continue;
        }
        return reading.events;
    }

    /** False if the stream is over, for whatever reason. */
    private boolean tryFrame()
    {
        if (in.remaining() < 2)
        {
            return false;
        }
        final int first = in.get() & 0xFF;
        final int second = in.get() & 0xFF;
        final int opcode = first & 0x0F;
        final boolean isControl = opcode >= 8;
        final boolean isLast = first >= 0x80;
        final boolean isKnown = opcode <= 2 || opcode >= 8 && opcode <= 10;
        final boolean isContinued = opcode == 0;
        if ((first & 0x70) != 0 || !isKnown || second >= 0x80 != isMasked ||
            isControl && (!isLast || (second & 0x7F) > 125) ||
            !isControl && isContinued != (message != null))
        {
            return end("violation", 1002);
        }
        long length = second & 0x7F;
        if (length > 125)
        {
            final boolean isShort = length == 126;
            if (in.remaining() < (isShort ? 2 : 8))
            {
                return false;
            }
            length = isShort ? in.getShort() & 0xFFFF : in.getLong();
            if (length < 0 || length < (isShort ? 126 : 65_536))
            {
                return end("violation", 1002);
            }
        }
        if (!isControl && length + (message == null ? 0 : message.size()) > maxMessageBytes)
        {
            return end("violation", 1009);
        }
        if (in.remaining() < length + (isMasked ? 4 : 0))
        {
            return false;
        }
        final byte[] key = new byte[4];
        if (isMasked)
        {
            in.get(key);
        }
        final byte[] payload = new byte[(int)length];
        in.get(payload);
        for (int i = 0; i < payload.length; i++)
        {
            payload[i] ^= key[i % 4];
        }
        return isControl ? tryControl(opcode, payload) : tryFragment(opcode, isLast, payload);
    }

    private boolean tryFragment(final int opcode, final boolean isLast, final byte[] payload)
    {
        if (message == null)
        {
            message = new ByteArrayOutputStream();
            isText = opcode == 1;
        }
        message.writeBytes(payload);
        if (isLast)
        {
            events.add(Event.of(isText ? "text" : "binary", message.toByteArray()));
            message = null;
        }
        return true;
    }

    private boolean tryControl(final int opcode, final byte[] payload)
    {
        if (opcode != 8)
        {
            events.add(Event.of(opcode == 9 ? "ping" : "pong", payload));
            return true;
        }
        if (payload.length == 0)
        {
            return end("close", 1005);
        }
        final int code = payload.length == 1 ? 0 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        if (!(code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999))
        {
            return end("violation", 1002);
        }
        final byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
        if (!isUtf8(reason))
        {
            return end("violation", 1007);
        }
        events.add(new Event("close", code, ByteBuffer.wrap(reason)));
        return false;
    }

    private boolean end(final String kind, final int code)
    {
        events.add(new Event(kind, code, ByteBuffer.allocate(0)));
        return false;
    }

    private static boolean isUtf8(final byte[] bytes)
    {
        try
        {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        }
        catch (final CharacterCodingException invalid)
        {
            return false;
        }
    }
}

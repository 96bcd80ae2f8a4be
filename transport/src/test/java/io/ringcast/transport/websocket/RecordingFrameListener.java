package io.ringcast.transport.websocket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.ringcast.frame.ReceivedFrame;

/**
 * Keeps a copy of everything a parser found.
 * Confined to the test's thread.
 */
final class RecordingFrameListener implements WebSocketFrameListener
{
    /** One call of the listener; the code is 0 where there is none. */
    record Event(String kind, int code, ByteBuffer payload)
    {
        static Event of(final String kind, final byte[] payload)
        {
            return new Event(kind, 0, ByteBuffer.wrap(payload));
        }
    }

    final List<Event> events = new ArrayList<>();
    private final FramePool pool;
    private final BooleanSupplier goOn;
    boolean stopped;

    RecordingFrameListener(final FramePool pool, final BooleanSupplier goOn)
    {
        this.pool = pool;
        this.goOn = goOn;
    }

    @Override
    public boolean onMessage(final ReceivedFrame message, final boolean text)
    {
        assertRunning();
        add(text ? "text" : "binary", 0, message.bytes, 0, message.length);
        message.clear();
        pool.giveBack(message);
        stopped = !goOn.getAsBoolean();
        return !stopped;
    }

    @Override
    public void onPing(final byte[] payload, final int lengthBytes)
    {
        add("ping", 0, payload, 0, lengthBytes);
    }

    @Override
    public void onPong(final byte[] payload, final int lengthBytes)
    {
        add("pong", 0, payload, 0, lengthBytes);
    }

    @Override
    public void onClose(final int code, final byte[] reason, final int offset, final int lengthBytes)
    {
        add("close", code, reason, offset, lengthBytes);
    }

    @Override
    public void onViolation(final int closeCode, final String reason)
    {
        add("violation", closeCode, new byte[0], 0, 0);
    }

    private void add(final String kind, final int code, final byte[] bytes, final int offset, final int lengthBytes)
    {
        assertRunning();
        events.add(new Event(kind, code, ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, offset + lengthBytes))));
    }

    private void assertRunning()
    {
        if (stopped)
        {
            throw new IllegalStateException("called after a stop");
        }
    }
}

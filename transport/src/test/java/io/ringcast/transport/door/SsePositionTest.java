package io.ringcast.transport.door;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a client may say that it had last. */
class SsePositionTest
{
    private static final int MOST_SUBSCRIPTIONS = 1_024;
    /** A fraction of what an I/O thread has. */
    private static final long STACK_BYTES = 256 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {
        "0k3f9az.88122", "0k3f9az.88122-17", "0k3f9az.88122-past", "0k3f9az.past",
        "0k3f9az.88122-1234567:9f3a00c1d2e3f405:41", "0k3f9az.1234567:9f3a00c1d2e3f405:41-1"})
    void shouldTakeAPosition(final String id)
    {
        assertTrue(SsePosition.isPosition(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "0k3f9az", "0k3f9az.", "0k3f9az.1-", "0k3f9az.1--1", "0k3f9az.pas", "0k3f9az.1:9f3a:41", "0k3f9az.1-1x",
        "0k3f9az.1234567:9f3a00c1d2e3f405", "0k3f9az.1234567:9f3a00c1d2e3f405:41-"})
    void shouldTakeNothingElse(final String id)
    {
        assertFalse(SsePosition.isPosition(id));
    }

    /** Anybody may send it, and an overflow of the stack would end the process. */
    @Test
    void shouldNeedLittleStackHoweverManyNumbers() throws InterruptedException
    {
        final String id = "0k3f9az.1" + "-1".repeat(MOST_SUBSCRIPTIONS - 1);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread reader = new Thread(null, () ->
        {
            try
            {
                outcome.set(SsePosition.of(id).numbers().length);
            }
            catch (final StackOverflowError e)
            {
                outcome.set(e);
            }
        }, "reader", STACK_BYTES);
        reader.start();
        reader.join();

        assertEquals(MOST_SUBSCRIPTIONS, outcome.get());
        assertFalse(SsePosition.isPosition(id + "-1"));
    }
}

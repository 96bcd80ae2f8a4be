package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.ringcast.config.ConfigException;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

class AsideReadingTest
{
    private final EventLoop eventLoop = new DefaultEventLoop();
    private final CounterSet counters = new CounterSet();
    private final NetworkLoop loop = new NetworkLoop("network", 0, eventLoop, counters, error -> { });
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void stop()
    {
        eventLoop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    @Test
    void shouldHandOverOnTheLoopWhatWasReadElsewhere() throws InterruptedException
    {
        begin(() -> "read, " + eventLoop.inEventLoop(), read -> told.add(read + ", " + eventLoop.inEventLoop()));

        assertEquals("read, false, true", told.take());
    }

    @Test
    void shouldSayWhatToMendAndCountNoFault() throws InterruptedException
    {
        begin(() ->
        {
            throw new IOException("cannot be read");
        }, read -> { });
        assertEquals("refused: cannot be read", told.take());

        begin(() ->
        {
            throw new ConfigException("key", "k", "too short", "a longer one");
        }, read -> { });
        assertEquals("refused: key=k: too short; allowed: a longer one", told.take());

        assertEquals(0, faults());
    }

    /** It goes into a line of the log. */
    @Test
    void shouldSayWhyInOneLineWhateverTheExceptionSays() throws InterruptedException
    {
        begin(() ->
        {
            throw new EOFException();
        }, read -> { });
        assertEquals("refused: EOFException", told.take());

        begin(() ->
        {
            throw new IOException("cannot be read:\r\n  it is\tgone");
        }, read -> { });
        assertEquals("refused: cannot be read:   it is gone", told.take());

        begin(() ->
        {
            throw new ConfigException("key", "k\nk", "too short", "a longer one");
        }, read -> { });
        assertEquals("refused: key=k k: too short; allowed: a longer one", told.take());
    }

    @Test
    void shouldRefuseAndCountGivenWhatNobodyForesaw() throws InterruptedException
    {
        begin(() ->
        {
            throw new IllegalStateException("a bug");
        }, read -> { });
        assertEquals("refused: a fault of the relay's: a bug", told.take());

        begin(() ->
        {
            throw new StackOverflowError();
        }, read -> { });
        assertEquals("refused: a fault of the relay's: StackOverflowError", told.take());

        begin(() -> "read", read ->
        {
            throw new IllegalStateException("a bug of the taker's");
        });
        assertEquals("refused: a fault of the relay's: a bug of the taker's", told.take());

        assertEquals(3, faults());
    }

    @Test
    void shouldCountGivenThatTheRefusalIsNotTaken() throws InterruptedException
    {
        AsideReading.begin(loop, () ->
        {
            throw new IOException("cannot be read");
        }, read -> { }, reason ->
        {
            eventLoop.execute(() -> told.add("after " + counters.get(RelayCounter.EGRESS_FAILURES)));
            throw new IllegalStateException("a bug");
        });

        assertEquals("after 1", told.take());
    }

    private void begin(final Callable<String> reader, final Consumer<String> onRead)
    {
        AsideReading.begin(loop, reader, onRead, reason ->
        {
            assertTrue(eventLoop.inEventLoop());
            told.add("refused: " + reason);
        });
    }

    private long faults()
    {
        return counters.get(RelayCounter.EGRESS_FAILURES);
    }
}

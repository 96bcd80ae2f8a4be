package io.ringcast.transport.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** Bugs of the admin port's own. Confined to the test thread, which is the I/O loop and makes the pages. */
class AdminConnectionTest
{
    private final List<Throwable> caught = new ArrayList<>();
    // Without pages there is nothing that could be shown, which is a bug.
    private final EmbeddedChannel channel = new EmbeddedChannel(new AdminConnection(null, Runnable::run, caught::add));

    /** The one fails on the loop, the other where pages are made; nobody would ever answer. */
    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/metrics"})
    void shouldTellABugAndHangUp(final String path)
    {
        channel.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path));
        channel.runPendingTasks();

        assertEquals(1, caught.size());
        assertFalse(channel.isOpen());
    }

    @Test
    void shouldTellNoBugGivenThatTooManyAsk()
    {
        final EmbeddedChannel other = new EmbeddedChannel(new AdminConnection(null, task ->
        {
            throw new RejectedExecutionException();
        }, caught::add));

        other.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/metrics"));

        assertEquals(List.of(), caught);
        other.finishAndReleaseAll();
    }
}

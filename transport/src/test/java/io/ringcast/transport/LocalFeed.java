package io.ringcast.transport;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A subscription of the relay's own process, with what a socket would say put round its grant and its items.
 * Confined to the test thread.
 */
final class LocalFeed implements FeedTalk.Feed
{
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final LocalSubscription subscription;
    private volatile String id;

    LocalFeed(final Relay relay, final String params)
    {
        subscription = relay.subscribe(params, (sequence, bytes, offset, length) ->
            heard.add("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" + id +
                "\",\"result\":" + bytes.toString(offset, length, StandardCharsets.UTF_8) + "}}"));
        // Runs on the loop that gives the items, or here if the grant has come already: the items come later.
        subscription.granted().whenComplete((granted, failure) ->
        {
            id = granted;
            heard.add(failure == null ?
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + granted + "\"}" : failure.getMessage());
        });
    }

    @Override
    public String next()
    {
        try
        {
            final String next = heard.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
            return next == null ? "nothing" : next;
        }
        catch (final InterruptedException e)
        {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close()
    {
        subscription.close();
    }
}

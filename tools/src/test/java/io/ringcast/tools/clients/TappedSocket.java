package io.ringcast.tools.clients;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.web3j.protocol.websocket.WebSocketClient;

/** web3j's socket with the checks of {@code wire-tap.mjs} around it. Any thread; everything under its monitor. */
final class TappedSocket extends WebSocketClient
{
    private final ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final Map<String, JsonNode> calls = new HashMap<>();
    private final Map<String, Integer> itemsBySubscription = new LinkedHashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final IntConsumer onClosed;
    private int closed;
    private int subscribeCalls;

    TappedSocket(final URI url, final IntConsumer onClosed)
    {
        super(url);
        this.onClosed = onClosed;
    }

    synchronized List<String> violations()
    {
        return List.copyOf(violations);
    }

    synchronized int closed()
    {
        return closed;
    }

    synchronized int subscribeCalls()
    {
        return subscribeCalls;
    }

    /** Every id that a subscribe was answered with, in that order. */
    synchronized List<String> subscriptions()
    {
        return List.copyOf(itemsBySubscription.keySet());
    }

    /** Waits until {@code subscription} has got that many items; fails the test when it does not in time. */
    synchronized void awaitItems(final String subscription, final int count)
    {
        final long deadlineNs = System.nanoTime() + Arrivals.PATIENCE.toNanos();
        while (itemsBySubscription.getOrDefault(subscription, 0) < count)
        {
            awaitFrame(deadlineNs, () -> itemsBySubscription + ", waiting for " + count + " of " + subscription);
        }
    }

    /** Waits until the unsubscribe of that many subscriptions has been answered. */
    synchronized void awaitEnded(final int count)
    {
        final long deadlineNs = System.nanoTime() + Arrivals.PATIENCE.toNanos();
        while (ended.size() < count)
        {
            awaitFrame(deadlineNs, () -> ended + ", waiting for " + count + " to end");
        }
    }

    @Override
    public void send(final String text)
    {
        onRequest(text);
        super.send(text);
    }

    @Override
    public void onMessage(final String text)
    {
        onFrame(text);
        super.onMessage(text);
    }

    @Override
    public synchronized void onMessage(final ByteBuffer bytes)
    {
        violations.add("binary frame");
    }

    @Override
    public void onClose(final int code, final String reason, final boolean byPeer)
    {
        synchronized (this)
        {
            closed++;
        }
        onClosed.accept(code);
        super.onClose(code, reason, byPeer);
    }

    private void awaitFrame(final long deadlineNs, final Supplier<String> state)
    {
        final long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0)
        {
            throw new AssertionError("no such frame in " + Arrivals.PATIENCE + ": " + state.get());
        }
        try
        {
            wait(leftMs);
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + state.get(), interrupted);
        }
    }

    private synchronized void onRequest(final String text)
    {
        try
        {
            final JsonNode call = mapper.readTree(text);
            calls.put(call.get("id").toString(), call);
            subscribeCalls += "eth_subscribe".equals(call.get("method").asText()) ? 1 : 0;
        }
        catch (final JsonProcessingException failure)
        {
            throw new AssertionError("web3j sent " + text, failure);
        }
    }

    private synchronized void onFrame(final String text)
    {
        try
        {
            final JsonNode frame = mapper.readTree(text);
            if (frame.has("method"))
            {
                onItem(frame);
            }
            else
            {
                onResponse(frame);
            }
        }
        catch (final JsonProcessingException failure)
        {
            violations.add("not one JSON text: " + text);
        }
        notifyAll();
    }

    private void onItem(final JsonNode frame)
    {
        final String subscription = frame.path("params").path("subscription").asText();
        if (frame.has("id") || !frame.path("params").has("result"))
        {
            violations.add("not a notification with a result: " + frame);
        }
        if (ended.contains(subscription))
        {
            violations.add("item of " + subscription + " after its unsubscribe was answered");
        }
        else if (!itemsBySubscription.containsKey(subscription))
        {
            violations.add("item of " + subscription + " before its subscribe was answered");
        }
        itemsBySubscription.merge(subscription, 1, Integer::sum);
    }

    private void onResponse(final JsonNode response)
    {
        final JsonNode call = calls.remove(response.path("id").toString());
        if (call == null)
        {
            violations.add("answer to nothing: " + response);
            return;
        }
        switch (call.get("method").asText())
        {
            case "eth_subscribe" -> itemsBySubscription.put(response.path("result").asText(), 0);
            case "eth_unsubscribe" ->
            {
                if (!response.path("result").asBoolean())
                {
                    violations.add("unsubscribe answered " + response);
                }
                ended.add(call.get("params").get(0).asText());
            }
            default ->
            {
                // Only subscriptions have rules beyond "one answer".
            }
        }
    }
}

package io.ringcast.tools.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A client that keeps all it is told: heads, logs, answers, and whether it was disconnected.
 * Any thread; what it was told is read under its lock.
 */
public final class WatchingClient implements AutoCloseable, WebSocket.Listener
{
    private static final long TIMEOUT_SECONDS = 60;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StringBuilder parts = new StringBuilder();
    private final List<String> heads = new ArrayList<>();
    private final List<String> logs = new ArrayList<>();
    private final List<JsonNode> headItems = new ArrayList<>();
    private final List<JsonNode> logItems = new ArrayList<>();
    private final Map<Integer, List<JsonNode>> answers = new HashMap<>();
    private final Map<String, String> kindBySubscription = new HashMap<>();
    private final Set<String> subscriptionIds = new HashSet<>();
    private final List<String> surprises = new ArrayList<>();
    private final WebSocket socket;
    private CompletableFuture<WebSocket> sent;

    private WatchingClient(final HttpClient http, final URI url)
    {
        socket = http.newWebSocketBuilder().buildAsync(url, this).orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        sent = CompletableFuture.completedFuture(socket);
    }

    /** Connects, and asks for nothing. */
    public static WatchingClient connected(final HttpClient http, final URI url)
    {
        return new WatchingClient(http, url);
    }

    /** Connects and subscribes to heads and to all logs; returns when both are confirmed. */
    public static WatchingClient subscribed(final HttpClient http, final URI url)
    {
        final WatchingClient client = new WatchingClient(http, url);
        client.subscribe(1, "newHeads");
        client.subscribe(2, "logs");
        return client;
    }

    /** Connects and subscribes to heads and to the logs that a filter lets through; returns when both are confirmed. */
    public static WatchingClient subscribed(final HttpClient http, final URI url, final String filter)
    {
        final WatchingClient client = new WatchingClient(http, url);
        client.subscribe(1, "newHeads");
        client.subscribe(2, "logs", ',' + filter);
        return client;
    }

    /** Connects and subscribes to heads and to all logs from a block on; returns when both are confirmed. */
    public static WatchingClient subscribedFrom(final HttpClient http, final URI url, final long number)
    {
        final WatchingClient client = new WatchingClient(http, url);
        final String from =
            ",{\"fromBlock\":\"0x" + Long.toHexString(number) + "\"},{\"relay\":{\"history\":true}}";
        client.subscribe(1, "newHeads", from);
        client.subscribe(2, "logs", from);
        return client;
    }

    private void subscribe(final int id, final String kind)
    {
        subscribe(id, kind, "");
    }

    private void subscribe(final int id, final String kind, final String more)
    {
        call(id, "eth_subscribe", "[\"" + kind + "\"" + more + "]");
        final JsonNode answer = awaitAnswer(id);
        synchronized (this)
        {
            kindBySubscription.put(answer.path("result").asText("refused: " + answer), kind);
        }
    }

    public synchronized void call(final int id, final String method, final String params)
    {
        final String text =
            "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
        sent = sent.thenCompose(ready -> ready.sendText(text, true));
    }

    /** The answer to a call; fails the test when none comes in time. */
    public synchronized JsonNode awaitAnswer(final int id)
    {
        await("an answer to call " + id, () -> answers.containsKey(id));
        return answers.get(id).get(0);
    }

    /** Waits until it has been told so many heads. */
    public synchronized void awaitHeads(final int count)
    {
        await(count + " heads", () -> heads.size() >= count);
    }

    /** Waits until it has been told this head. */
    public synchronized void awaitHead(final String hash)
    {
        await("head " + hash, () -> heads.contains(hash));
    }

    /** Waits until it has been told so many logs. */
    public synchronized void awaitLogs(final int count)
    {
        await(count + " logs", () -> logs.size() >= count);
    }

    public synchronized List<String> heads()
    {
        return List.copyOf(heads);
    }

    public synchronized List<String> logs()
    {
        return List.copyOf(logs);
    }

    public synchronized List<JsonNode> headItems()
    {
        return List.copyOf(headItems);
    }

    public synchronized List<JsonNode> logItems()
    {
        return List.copyOf(logItems);
    }

    /** The ids that items came with. */
    public synchronized Set<String> subscriptionIds()
    {
        return Set.copyOf(subscriptionIds);
    }

    /** All answers to a call; there should be one. */
    public synchronized List<JsonNode> answers(final int id)
    {
        return List.copyOf(answers.getOrDefault(id, List.of()));
    }

    /** What no client of a relay should see: a close, an error, a message that is neither answer nor item. */
    public synchronized List<String> surprises()
    {
        return List.copyOf(surprises);
    }

    @Override
    public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence part, final boolean last)
    {
        synchronized (this)
        {
            parts.append(part);
            if (last)
            {
                final String text = parts.toString();
                parts.setLength(0);
                onMessage(text);
                notifyAll();
            }
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onClose(final WebSocket webSocket, final int code, final String reason)
    {
        surprises.add("closed with " + code + " " + reason);
        notifyAll();
        return null;
    }

    @Override
    public synchronized void onError(final WebSocket webSocket, final Throwable failure)
    {
        surprises.add("failed with " + failure);
        notifyAll();
    }

    @Override
    public void close()
    {
        socket.abort();
    }

    private void onMessage(final String text)
    {
        final JsonNode message;
        try
        {
            message = MAPPER.readTree(text);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        if (message.has("id"))
        {
            answers.computeIfAbsent(message.get("id").asInt(), id -> new ArrayList<>()).add(message);
            return;
        }
        final JsonNode item = message.path("params").path("result");
        final String subscription = message.path("params").path("subscription").asText();
        subscriptionIds.add(subscription);
        final String kind = kindBySubscription.getOrDefault(
            subscription, item.has("logIndex") ? "logs" : "newHeads");
        if ("newHeads".equals(kind) && item.has("hash"))
        {
            headItems.add(item);
            heads.add(item.get("hash").asText());
        }
        else if ("logs".equals(kind) && item.has("logIndex"))
        {
            logItems.add(item);
            logs.add(item.get("blockHash").asText() + " " + item.get("logIndex").asText() +
                (item.path("removed").asBoolean() ? " removed" : ""));
        }
        else
        {
            surprises.add(text);
        }
    }

    private void await(final String what, final java.util.function.BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean())
        {
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMs <= 0 || !surprises.isEmpty())
            {
                throw new AssertionError("waited in vain for " + what + "; it has " + heads.size() + " heads, " +
                    logs.size() + " logs, answers to " + answers.keySet() + "; surprises: " + surprises);
            }
            try
            {
                wait(Math.min(leftMs, 1_000));
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }
}

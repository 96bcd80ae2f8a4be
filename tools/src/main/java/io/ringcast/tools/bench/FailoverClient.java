package io.ringcast.tools.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A subscriber to heads and logs that notes when each head came and what is missing between them.
 * Any thread; what it knows is read and written under its lock.
 */
final class FailoverClient implements WebSocket.Listener, AutoCloseable
{
    private static final long TIMEOUT_SECONDS = 30;
    private static final int HASH_LENGTH = 66;

    private final StringBuilder parts = new StringBuilder();
    private WebSocket socket;
    private int confirmed;
    private String lastHash = "";
    private long heads;
    private long lastNumber;
    private long lastHeadAtNs;
    private long countedFromBlock;
    private long items;
    private long logs;
    private long lastLogBlock;
    private long lastLogIndex;
    private long lost;
    private long disordered;
    private String failure = "";

    /** One that is connected to nothing. */
    FailoverClient()
    {
    }

    static FailoverClient subscribe(final URI url) throws InterruptedException
    {
        final FailoverClient client = new FailoverClient();
        client.socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(url, client)
            .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        client.socket.sendText(call(1, "newHeads"), true).join();
        client.socket.sendText(call(2, "logs"), true).join();
        synchronized (client)
        {
            client.await(() -> client.confirmed == 2);
        }
        return client;
    }

    private static String call(final int id, final String kind)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_subscribe\",\"params\":[\"" + kind + "\"]}";
    }

    @Override
    public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence part, final boolean last)
    {
        parts.append(part);
        if (last)
        {
            onMessage(parts.toString(), System.nanoTime());
            parts.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public synchronized void onError(final WebSocket webSocket, final Throwable cause)
    {
        failure = cause.toString();
        notifyAll();
    }

    @Override
    public synchronized CompletionStage<?> onClose(final WebSocket webSocket, final int code, final String reason)
    {
        failure = "closed with " + code + ' ' + reason;
        notifyAll();
        return null;
    }

    synchronized void onMessage(final String text, final long nowNs)
    {
        if (text.contains("\"id\":"))
        {
            confirmed++;
        }
        else if (text.contains("\"logIndex\":\""))
        {
            onLog(Long.decode(value(text, "blockNumber")), Long.decode(value(text, "logIndex")));
        }
        else
        {
            onHead(Long.decode(value(text, "number")), value(text, "hash"), value(text, "parentHash"), nowNs);
        }
        notifyAll();
    }

    private void onHead(final long number, final String hash, final String parentHash, final long nowNs)
    {
        items++;
        if (hash.equals(lastHash))
        {
            disordered++;
            return;
        }
        // A jump in the chain is at least one head that did not come.
        lost += heads > 0 && !parentHash.equals(lastHash) ? 1 : 0;
        lastHash = hash;
        lastNumber = number;
        lastHeadAtNs = nowNs;
        heads++;
    }

    /** Logs keep their own order; a head may come before the logs of the block below it. */
    private void onLog(final long block, final long index)
    {
        if (block >= countedFromBlock)
        {
            items++;
            logs++;
        }
        disordered += block < lastLogBlock || block == lastLogBlock && index <= lastLogIndex ? 1 : 0;
        lastLogBlock = block;
        lastLogIndex = index;
    }

    private static String value(final String text, final String name)
    {
        final String start = '"' + name + "\":\"";
        final int from = text.indexOf(start) + start.length();
        return text.substring(from, Math.min(text.indexOf('"', from), from + HASH_LENGTH));
    }

    /** Waits for so many heads, and gives the time at which the last one came. */
    synchronized long awaitHead(final long count) throws InterruptedException
    {
        await(() -> heads >= count);
        return lastHeadAtNs;
    }

    synchronized void awaitFirst() throws InterruptedException
    {
        await(() -> heads > 0);
    }

    /** Waits for so many logs since the counts began anew; those that do not come in time are lost. */
    synchronized void awaitLogs(final long count) throws InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (logs < count && System.nanoTime() - deadlineNs < 0)
        {
            wait(100);
        }
        lost += Math.max(0, count - logs);
    }

    private void await(final BooleanSupplier condition) throws InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean())
        {
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMs <= 0 || !failure.isEmpty())
            {
                throw new IllegalStateException("nothing comes any more: " + failure);
            }
            wait(leftMs);
        }
    }

    /** Counts what belongs to the blocks behind the newest one. */
    synchronized void resetCounts()
    {
        countedFromBlock = lastNumber + 1;
        items = 0;
        logs = 0;
        lost = 0;
        disordered = 0;
    }

    synchronized long heads()
    {
        return heads;
    }

    synchronized long items()
    {
        return items;
    }

    synchronized long lost()
    {
        return lost;
    }

    synchronized long disordered()
    {
        return disordered;
    }

    @Override
    public void close()
    {
        socket.abort();
    }
}

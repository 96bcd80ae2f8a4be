package io.ringcast.tools.sim;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client on the JDK's own WebSocket, message by message. Any thread. */
final class FakeClient implements AutoCloseable, WebSocket.Listener
{
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;
    private final boolean reads;
    private int parts;

    FakeClient(final URI url)
    {
        this(url, true);
    }

    /** A client that may never read anything. */
    FakeClient(final URI url, final boolean reads)
    {
        this.reads = reads;
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(url, this).join();
    }

    @Override
    public void onOpen(final WebSocket webSocket)
    {
        if (reads)
        {
            webSocket.request(Long.MAX_VALUE);
        }
    }

    @Override
    public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence data, final boolean isLast)
    {
        partial.append(data);
        parts++;
        if (isLast)
        {
            messages.add(partial.toString());
            partial.setLength(0);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onClose(final WebSocket webSocket, final int statusCode, final String reason)
    {
        closed.complete(null);
        return null;
    }

    @Override
    public void onError(final WebSocket webSocket, final Throwable error)
    {
        closed.complete(null);
    }

    CompletableFuture<Void> closed()
    {
        return closed;
    }

    int parts()
    {
        return parts;
    }

    void send(final String text)
    {
        socket.sendText(text, true).join();
    }

    String next() throws InterruptedException
    {
        final String message = messages.poll(5, TimeUnit.SECONDS);
        if (message == null)
        {
            throw new AssertionError("no message");
        }
        return message;
    }

    String call(final String method, final String params) throws InterruptedException
    {
        send("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}");
        return next();
    }

    /** Subscribes and returns the id. */
    String subscribe(final String params) throws InterruptedException
    {
        final String answer = call("eth_subscribe", params);
        if (!answer.contains("\"result\":\"0x"))
        {
            throw new AssertionError(answer);
        }
        return answer.replaceAll("(?s).*\"result\":\"(0x[0-9a-f]+)\".*", "$1");
    }

    @Override
    public void close()
    {
        socket.abort();
    }
}

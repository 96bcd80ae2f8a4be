package io.ringcast.tools.clients;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A WebSocket of the JDK, for texts as they stand. Confined to the test thread. */
final class RawTalk implements AutoCloseable
{
    private final Arrivals<String> texts = new Arrivals<>("message");
    private final WebSocket socket;

    RawTalk(final URI url)
    {
        socket = HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(Arrivals.PATIENCE)
            .buildAsync(url, new Joiner(texts)).orTimeout(Arrivals.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    void say(final String text)
    {
        socket.sendText(text, true).orTimeout(Arrivals.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** The next message from the other side. */
    String hear()
    {
        return texts.next();
    }

    String ask(final String text)
    {
        say(text);
        return hear();
    }

    @Override
    public void close()
    {
        socket.abort();
    }

    /** Joins the parts of a message. */
    private static final class Joiner implements WebSocket.Listener
    {
        private final Arrivals<String> texts;
        private final StringBuilder parts = new StringBuilder();

        private Joiner(final Arrivals<String> texts)
        {
            this.texts = texts;
        }

        @Override
        public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence part, final boolean last)
        {
            parts.append(part);
            if (last)
            {
                texts.add(parts.toString());
                parts.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket webSocket, final int code, final String reason)
        {
            texts.add("(closed " + code + " " + reason + ")");
            return null;
        }

        @Override
        public void onError(final WebSocket webSocket, final Throwable failure)
        {
            texts.add("(failed: " + failure + ")");
        }
    }
}

package io.ringcast.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream of server-sent events with one subscription, read as a browser reads it.
 * Confined to the test thread.
 */
final class SseFeed implements FeedTalk.Feed
{
    private static final Pattern PENDING = Pattern.compile("\\[\"newPendingTransactions\",(true|false)\\]");
    private static final Pattern KIND = Pattern.compile("\\[\"(\\w+)\"(?:,\\{\\})?\\]");
    private static final Pattern LOGS = Pattern.compile("\\[\"logs\",\\{(.*?)\\}(?:,\\{\"relay\":\\{\\}\\})?\\]");
    private static final Pattern ADDRESS = Pattern.compile("\"address\":(\\[[^\\]]*\\]|\"[^\"]*\")");
    private static final Pattern TOPICS = Pattern.compile("\"topics\":\\[((?:null|\"\\w+\"|\\[[^\\]]*\\]|,)*)\\]");
    private static final Pattern POSITION = Pattern.compile("null|\"\\w+\"|\\[[^\\]]*\\]");

    /** The body of a response as it comes. */
    private interface Body extends AutoCloseable
    {
        /** Some more of it; with a status other than 200, all of it. */
        String more() throws IOException;

        int status() throws IOException;

        @Override
        void close();
    }

    private final Body body;
    private final Queue<String> heard = new ArrayDeque<>();
    private String unread = "";

    private SseFeed(final Body body)
    {
        this.body = body;
    }

    /** Null if a URL has no words for the params. */
    static SseFeed overHttp(final TestBed bed, final String params) throws IOException
    {
        final String path = path(params);
        return path == null ? null : new SseFeed(new Http1Body(HttpTalk.open(bed.address()), path));
    }

    /** The same as a stream of HTTP/2, on a socket of its own. */
    static SseFeed overHttp2(final Http2Talk talk, final String params) throws IOException
    {
        final String path = path(params);
        if (path == null)
        {
            talk.close();
            return null;
        }
        return new SseFeed(new Http2Body(talk, path));
    }

    /** Both sorts of bodies may come in pieces of any size. */
    @Override
    public String next() throws IOException
    {
        if (body.status() != 200)
        {
            return body.more().replaceAll("^\\[|\\]$", "");
        }
        while (heard.isEmpty())
        {
            unread += body.more();
            for (int end = unread.indexOf("\n\n"); end >= 0; end = unread.indexOf("\n\n"))
            {
                take(unread.substring(0, end));
                unread = unread.substring(end + 2);
            }
        }
        return heard.remove();
    }

    @Override
    public void close()
    {
        body.close();
    }

    private void take(final String event)
    {
        final StringJoiner text = new StringJoiner("\n");
        boolean isText = false;
        for (final String line : event.split("\n"))
        {
            isText |= "event: subscribed".equals(line) || "event: eth_subscription".equals(line);
            if (line.startsWith("data: "))
            {
                text.add(line.substring(6));
            }
        }
        if (isText)
        {
            heard.add(text.toString());
        }
    }

    private static String path(final String params)
    {
        final Matcher pending = PENDING.matcher(params);
        final Matcher kind = KIND.matcher(params);
        final Matcher logs = LOGS.matcher(params);
        if (pending.matches())
        {
            return "/sse?sub=newPendingTransactions&full=" + pending.group(1);
        }
        if (kind.matches())
        {
            return "/sse?sub=" + kind.group(1);
        }
        final Matcher topics = TOPICS.matcher(params);
        if (!logs.matches() || params.contains("\"topics\":") != topics.find())
        {
            return null;
        }
        final Matcher address = ADDRESS.matcher(params);
        return "/sse?sub=logs" +
            (address.find() ? "&address=" + address.group(1).replaceAll("[\\[\\]\"]", "") : "") +
            (params.contains("\"topics\":") && !topics.group(1).isEmpty() ? "&topics=" + topics(topics.group(1)) : "");
    }

    private static String topics(final String topics)
    {
        final StringJoiner positions = new StringJoiner(",");
        final Matcher position = POSITION.matcher(topics);
        while (position.find())
        {
            // A null among others allows anything, too.
            positions.add(position.group().contains("null") ? "" :
                position.group().replaceAll("[\\[\\]\"]", "").replace(",", "%7C"));
        }
        return positions.toString();
    }

    private static final class Http1Body implements Body
    {
        private final HttpTalk talk;
        private HttpTalk.Response head;

        Http1Body(final HttpTalk talk, final String path) throws IOException
        {
            this.talk = talk;
            talk.send("GET " + path + " HTTP/1.1\r\nHost: relay\r\n\r\n");
        }

        @Override
        public int status() throws IOException
        {
            head = head == null ? talk.readHead() : head;
            return head.status();
        }

        @Override
        public String more() throws IOException
        {
            return status() == 200 ?
                new String(talk.readChunk(), StandardCharsets.UTF_8) : talk.readBody(head).text();
        }

        @Override
        public void close()
        {
            talk.close();
        }
    }

    private static final class Http2Body implements Body
    {
        private final Http2Talk talk;
        private final int stream;
        private int readBytes;

        Http2Body(final Http2Talk talk, final String path) throws IOException
        {
            this.talk = talk;
            stream = talk.get(path);
        }

        @Override
        public int status() throws IOException
        {
            return talk.readHead(stream).status();
        }

        @Override
        public String more() throws IOException
        {
            if (status() != 200)
            {
                return talk.readResponse(stream).text();
            }
            while (talk.peek(stream).body().length == readBytes)
            {
                talk.read();
            }
            final byte[] all = talk.peek(stream).body();
            final String more = new String(all, readBytes, all.length - readBytes, StandardCharsets.UTF_8);
            readBytes = all.length;
            return more;
        }

        @Override
        public void close()
        {
            talk.close();
        }
    }
}

package io.ringcast.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client at a door where each subscription is a stream by itself and nothing else can be said: server-sent events,
 * and the relay's own process. Such a door numbers its subscribes itself; here they get the numbers of the conversation
 * back. Between streams there is no order, so a client listens to the one that a text is expected on.
 * Confined to the test thread.
 */
final class FeedTalk implements ConversationDoor.Talk
{
    private static final Pattern SUBSCRIBE = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"id\":(\\d+),\"method\":\"eth_subscribe\",\"params\":(.*)}");
    private static final Pattern ITEM = Pattern.compile(
        ".*\"method\":\"eth_subscription\".*\"subscription\":\"(\\w+)\".*");
    private static final Pattern ANSWER = Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"id\":(\\d+),(.*)}");
    private static final Pattern GRANT = Pattern.compile("\"result\":\"(\\w+)\"");

    /** One subscription. */
    interface Feed extends AutoCloseable
    {
        /** The answer to the subscribe, then the notifications. */
        String next() throws IOException;

        @Override
        void close();
    }

    /** Subscribes, so that the relay's ring has it before another subscribe. */
    interface Opener
    {
        /** Null if the door has no words for it. */
        Feed open(String params) throws IOException;
    }

    private final Opener opener;
    private final List<Feed> feeds = new ArrayList<>();
    private final Map<String, Feed> asked = new HashMap<>();
    private final Map<String, Feed> granted = new HashMap<>();

    FeedTalk(final Opener opener)
    {
        this.opener = opener;
    }

    @Override
    public boolean say(final String text) throws IOException
    {
        final Matcher subscribe = SUBSCRIBE.matcher(text);
        final Feed feed = subscribe.matches() ? opener.open(subscribe.group(2)) : null;
        if (feed != null)
        {
            feeds.add(feed);
            asked.put(subscribe.group(1), feed);
        }
        return feed != null;
    }

    @Override
    public String hear(final String expected) throws IOException
    {
        final Matcher item = ITEM.matcher(expected);
        if (item.matches())
        {
            final Feed feed = granted.get(item.group(1));
            return feed == null ? "nothing: there is no such subscription" : feed.next();
        }
        final Matcher answer = ANSWER.matcher(expected);
        final Feed feed = answer.matches() ? asked.remove(answer.group(1)) : null;
        if (feed == null)
        {
            return "nothing: there is no such subscribe";
        }
        final String heard = feed.next();
        final Matcher own = ANSWER.matcher(heard);
        final Matcher grant = GRANT.matcher(heard);
        if (!own.matches())
        {
            return heard;
        }
        if (grant.find())
        {
            granted.put(grant.group(1), feed);
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":" + answer.group(1) + ',' + own.group(2) + '}';
    }

    @Override
    public void takePing()
    {
        // There is none.
    }

    @Override
    public void close()
    {
        feeds.forEach(Feed::close);
    }
}

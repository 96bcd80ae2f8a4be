package io.ringcast.transport.upstream;

import io.ringcast.config.SubscriptionMethod;
import io.ringcast.config.TimingConfig;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.session.RpcError;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.poll.PollCalls;
import io.ringcast.transport.poll.PollPace;
import io.ringcast.transport.poll.PollSink;
import io.ringcast.transport.poll.PollTaker;
import io.ringcast.transport.poll.PolledFeeds;
import io.ringcast.transport.poll.SubscribeTaker;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Answers the relay's own subscribes in place of an upstream that can't push, and says the items as it would.
 * Confined to the I/O loop of the upstream.
 *
 * <p>To the pipeline nothing tells such an upstream from another: its texts are those of a node.
 */
final class LocalFeeds implements PollSink
{
    private static final byte[] ITEM_START = ascii("\",\"result\":");
    private static final byte[] ITEM_END = ascii("}}");

    private final NetworkLoop loop;
    private final LaneInbox inbox;
    private final List<SubscriptionMethod> methods;
    private final PolledFeeds feeds;
    private final byte[] itemPrefix;
    private final PollAnswers answers = new PollAnswers();
    /** When the beginning of the answer was read that a poller is being handed. */
    private long answerBeganAtNs = ReceivedFrame.NOT_NOTED;

    LocalFeeds(final UpstreamClient client, final PollCalls calls, final LaneInbox inbox)
    {
        this.inbox = inbox;
        loop = client.loop();
        methods = client.network().config().subscriptionMethods();
        final TimingConfig timing = client.relayConfig().timing();
        feeds = new PolledFeeds(
            client.config().name(), calls, this, new PollPace(timing.pollMinMs(), timing.pollMaxMs()),
            loop.counters());
        itemPrefix = ascii("{\"jsonrpc\":\"2.0\",\"method\":\"" + SubscriptionMethod.ETH.notification() +
            "\",\"params\":{\"subscription\":\"");
    }

    /**
     * Answers a call that begins or ends a subscription.
     *
     * @param text holds the call; borrowed.
     * @param view its parts.
     * @return false if the call is another; it is then for the upstream.
     */
    boolean tryAnswer(final byte[] text, final FrameView view)
    {
        if (view.methodOffset == FrameView.ABSENT || view.idOffset == FrameView.ABSENT)
        {
            return false;
        }
        final String method = string(text, view.methodOffset, view.methodLength);
        for (final SubscriptionMethod known : methods)
        {
            if (known.subscribe().equals(method))
            {
                subscribe(known, string(text, view.idOffset, view.idLength), text, view);
                return true;
            }
            if (known.unsubscribe().equals(method))
            {
                unsubscribe(string(text, view.idOffset, view.idLength), text, view);
                return true;
            }
        }
        return false;
    }

    /**
     * Begins a feed that the upstream has refused, and answers in its place.
     *
     * @param id     the id of the relay's call.
     * @param params the parameters of the subscribe.
     */
    void subscribe(final String id, final byte[] params)
    {
        feeds.subscribe(params, 0, params.length, new Answer(id));
    }

    /**
     * Ends a feed that was begun here.
     *
     * @param id             the id of the relay's call.
     * @param subscriptionId which feed, without quotes.
     * @return false if it was not begun here; nothing is answered then.
     */
    boolean tryUnsubscribe(final String id, final String subscriptionId)
    {
        if (!feeds.unsubscribe(subscriptionId))
        {
            return false;
        }
        say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":true}");
        return true;
    }

    /**
     * Hands a poller the answer to a question of its own; what it says while it takes it came with that answer.
     *
     * @param answer the decoded response; borrowed.
     * @param taker  the poller's.
     */
    void handOver(final ReceivedFrame answer, final PollTaker taker)
    {
        answerBeganAtNs = answer.beganAtNs;
        try
        {
            answers.handOver(answer, taker);
        }
        finally
        {
            answerBeganAtNs = ReceivedFrame.NOT_NOTED;
        }
    }

    void onTime(final long nowNs)
    {
        feeds.onTime(nowNs);
    }

    @Override
    public void onItem(final String subscriptionId, final byte[] bytes, final int offset, final int length)
    {
        final ReceivedFrame frame = loop.publisher().takeFrame();
        frame.beganAtNs = answerBeganAtNs;
        final byte[] id = ascii(subscriptionId);
        frame.ensureWritable(itemPrefix.length + id.length + ITEM_START.length + length + ITEM_END.length);
        append(frame, itemPrefix, 0, itemPrefix.length);
        append(frame, id, 0, id.length);
        append(frame, ITEM_START, 0, ITEM_START.length);
        append(frame, bytes, offset, length);
        append(frame, ITEM_END, 0, ITEM_END.length);
        publish(frame);
    }

    @Override
    public boolean isFull()
    {
        return inbox.isFull();
    }

    /**
     * Answers a call with an error of the relay's.
     *
     * @param id      the raw id token.
     * @param code    a JSON-RPC error code.
     * @param message why, in any characters.
     */
    void sayError(final String id, final int code, final String message)
    {
        say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" +
            escaped(message) + "\"}}");
    }

    private void subscribe(
        final SubscriptionMethod method, final String id, final byte[] text, final FrameView view)
    {
        if (!method.equals(SubscriptionMethod.ETH) || view.paramsOffset == FrameView.ABSENT)
        {
            sayError(id, RpcError.METHOD_NOT_FOUND, "notifications not supported");
            return;
        }
        feeds.subscribe(text, view.paramsOffset, view.paramsLength, new Answer(id));
    }

    private void unsubscribe(final String id, final byte[] text, final FrameView view)
    {
        final String params = view.paramsOffset == FrameView.ABSENT ? "" :
            string(text, view.paramsOffset, view.paramsLength);
        if (!tryUnsubscribe(id, firstString(params)))
        {
            sayError(id, RpcError.GENERAL, "subscription not found");
        }
    }

    /** The first string of parameters as the relay writes them: {@code 0x1} of {@code ["0x1"]}; empty if none. */
    static String firstString(final String params)
    {
        final int start = params.indexOf('"');
        final int end = params.indexOf('"', start + 1);
        return start < 0 || end < 0 ? "" : params.substring(start + 1, end);
    }

    private void say(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final ReceivedFrame frame = loop.publisher().takeFrame();
        frame.ensureWritable(bytes.length);
        append(frame, bytes, 0, bytes.length);
        publish(frame);
    }

    private void publish(final ReceivedFrame frame)
    {
        loop.publisher().decode(frame);
        inbox.add(frame);
    }

    private static void append(final ReceivedFrame frame, final byte[] bytes, final int offset, final int length)
    {
        System.arraycopy(bytes, offset, frame.bytes, frame.length, length);
        frame.length += length;
    }

    private static String escaped(final String message)
    {
        return message.replaceAll("\\p{Cntrl}+", " ").replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String string(final byte[] bytes, final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the answer to a subscribe when it is known. */
    private final class Answer implements SubscribeTaker
    {
        private final String id;

        private Answer(final String id)
        {
            this.id = id;
        }

        @Override
        public void onGranted(final String subscriptionId)
        {
            say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"" + subscriptionId + "\"}");
        }

        @Override
        public void onRefused(final int code, final String message)
        {
            sayError(id, code, message);
        }
    }
}

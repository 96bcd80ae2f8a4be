package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.RpcError;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.poll.PollCalls;
import io.ringcast.transport.poll.PollTaker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes up for what an upstream with a socket refuses to push: a kind of subscription that it does not know is polled
 * over the same connection, and the relay is told that it was granted.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>Some nodes and gateways speak WebSocket or IPC and know no {@code eth_subscribe}, or only some of its kinds. What
 * they know is not assumed but seen from their answers. Any other refusal, such as a limit, is passed on.
 */
final class SocketPolls implements PollCalls
{
    private static final Logger LOGGER = LoggerFactory.getLogger(SocketPolls.class);
    /** How each call of the relay's own begins; clients' texts may begin so too, but never with an odd id. */
    private static final byte[] OWN_CALL_START = "{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.US_ASCII);
    private static final String ID_START = "\"ringcast-poll-";
    static final int MAX_NOTED = 1_024;
    private static final long CHECK_MS = 50;
    private static final Set<String> KINDS = Set.of("newHeads", "logs", "newPendingTransactions");
    private static final List<String> UNKNOWN_WORDS = List.of(
        "not found", "not supported", "unsupported", "does not exist", "not available", "unknown", "not implemented");

    private record Asked(byte[] text, PollTaker taker, long deadlineNs)
    {
    }

    private final UpstreamClient client;
    private final NetworkLoop loop;
    private final LaneInbox inbox;
    private final LocalFeeds feeds;
    private final Consumer<byte[]> writer;
    private final PollAnswers answers = new PollAnswers();
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();
    /** Subscribes whose answer is awaited: parameters by id, the oldest first; those that nobody answers go first. */
    private final Map<String, String> noted = new LinkedHashMap<>();
    private final Set<String> polledKinds = new HashSet<>();
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    /** The ids of those that have yet to be sent, since there is no room for their answers. */
    private final ArrayDeque<String> unsent = new ArrayDeque<>();
    private final long timeoutNs;
    private Future<?> timer;
    private long lastId;
    private boolean isClosed;

    SocketPolls(final UpstreamClient client, final Consumer<byte[]> writer)
    {
        this.client = client;
        this.writer = writer;
        loop = client.loop();
        inbox = new LaneInbox(loop, client.laneIndex(), this::sendAll);
        feeds = new LocalFeeds(client, this, inbox);
        timeoutNs = TimeUnit.MILLISECONDS.toNanos(Math.min(
            client.relayConfig().timing().callTimeoutMs(), client.relayConfig().timing().handshakeTimeoutMs()));
    }

    /**
     * Looks at a text on its way to the upstream.
     *
     * @param chunk  holds it; borrowed.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @return true if it has been answered here and is not for the upstream.
     */
    boolean tryTakeCall(final ByteBuf chunk, final int offset, final int length)
    {
        if (!isOwnCall(chunk, offset, length))
        {
            return false;
        }
        final byte[] text = new byte[length];
        chunk.getBytes(offset, text);
        decoder.decode(text, 0, length, view);
        if (view.kind != FrameKind.CALL || view.paramsOffset == FrameView.ABSENT)
        {
            return false;
        }
        final String method = string(text, view.methodOffset, view.methodLength);
        final String id = string(text, view.idOffset, view.idLength);
        final String params = string(text, view.paramsOffset, view.paramsLength);
        if (SubscriptionMethod.ETH.unsubscribe().equals(method))
        {
            return feeds.tryUnsubscribe(id, LocalFeeds.firstString(params));
        }
        if (!SubscriptionMethod.ETH.subscribe().equals(method) || !KINDS.contains(kind(params)))
        {
            return false;
        }
        if (polledKinds.contains(kind(params)))
        {
            feeds.subscribe(id, params.getBytes(StandardCharsets.UTF_8));
            return true;
        }
        if (noted.size() == MAX_NOTED)
        {
            noted.remove(noted.keySet().iterator().next());
        }
        noted.put(id, params);
        return false;
    }

    /**
     * Looks at a text from the upstream.
     *
     * @param text the decoded text; borrowed.
     * @return true if it has been dealt with here and is not for the ring.
     */
    boolean tryTakeAnswer(final ReceivedFrame text)
    {
        if (text.view.kind != FrameKind.RESPONSE || noted.isEmpty() && asked.isEmpty())
        {
            return false;
        }
        final String id = string(text.bytes, text.view.idOffset, text.view.idLength);
        if (id.startsWith(ID_START))
        {
            final Asked question = asked.remove(id);
            if (question != null)
            {
                feeds.handOver(text, question.taker);
            }
            else
            {
                loop.counters().increment(RelayCounter.UPSTREAM_UNKNOWN_IDS);
            }
            return true;
        }
        final String params = noted.remove(id);
        if (params == null || !isUnknownKind(text))
        {
            return false;
        }
        poll(id, params, answers.errorMessage(text));
        return true;
    }

    /** The connection is gone. Harmless twice. */
    void close()
    {
        isClosed = true;
        inbox.end();
        asked.clear();
        unsent.clear();
        if (timer != null)
        {
            timer.cancel(false);
        }
    }

    @Override
    public void call(final String method, final String params, final PollTaker taker)
    {
        final String id = ID_START + ++lastId + '"';
        final byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" +
            params + "}").getBytes(StandardCharsets.UTF_8);
        asked.put(id, new Asked(text, taker, System.nanoTime() + timeoutNs));
        unsent.add(id);
        sendAll();
    }

    /** A question that was given up meanwhile is not sent. */
    private void sendAll()
    {
        while (!unsent.isEmpty() && !inbox.isFull())
        {
            final Asked question = asked.get(unsent.poll());
            if (question != null)
            {
                writer.accept(question.text);
            }
        }
    }

    private void poll(final String id, final String params, final String refusal)
    {
        if (polledKinds.add(kind(params)))
        {
            LOGGER.info(
                "upstream {} does not push {} ({}): it is polled", client.config().name(), kind(params), refusal);
        }
        if (timer == null)
        {
            final long periodMs = Math.min(CHECK_MS, client.relayConfig().timing().pollMinMs());
            timer = loop.every(periodMs, this::onTime);
        }
        feeds.subscribe(id, params.getBytes(StandardCharsets.UTF_8));
    }

    private void onTime()
    {
        if (isClosed)
        {
            return;
        }
        final long nowNs = System.nanoTime();
        expire(question -> nowNs - question.deadlineNs >= 0);
        feeds.onTime(nowNs);
    }

    /** Taken out first: whoever is told may ask anew. */
    private void expire(final Predicate<Asked> isLate)
    {
        final List<Asked> late = new ArrayList<>(asked.values());
        late.removeIf(isLate.negate());
        asked.values().removeAll(late);
        late.forEach(question -> question.taker.onFailure(RpcError.TIMEOUT, "the upstream did not answer in time"));
    }

    /** Whether it is the kind that the upstream does not know, and not the subscription that it does not want. */
    private boolean isUnknownKind(final ReceivedFrame answer)
    {
        if (!PollAnswers.isError(answer))
        {
            return false;
        }
        final String message = answers.errorMessage(answer).toLowerCase(Locale.ROOT);
        return answers.errorCode(answer) == RpcError.METHOD_NOT_FOUND ||
            UNKNOWN_WORDS.stream().anyMatch(message::contains);
    }

    private static boolean isOwnCall(final ByteBuf chunk, final int offset, final int length)
    {
        if (length <= OWN_CALL_START.length)
        {
            return false;
        }
        for (int i = 0; i < OWN_CALL_START.length; i++)
        {
            if (chunk.getByte(offset + i) != OWN_CALL_START[i])
            {
                return false;
            }
        }
        int lastDigit = 0;
        for (int i = OWN_CALL_START.length; i < length; i++)
        {
            final int digit = chunk.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9)
            {
                break;
            }
            lastDigit = digit;
        }
        return (lastDigit & 1) == 1;
    }

    private static String kind(final String params)
    {
        return LocalFeeds.firstString(params);
    }

    private static String string(final byte[] bytes, final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}

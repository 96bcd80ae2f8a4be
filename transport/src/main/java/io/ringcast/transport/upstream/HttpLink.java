package io.ringcast.transport.upstream;

import io.netty.util.concurrent.Future;
import io.ringcast.egress.Outlet;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.poll.PollCalls;
import io.ringcast.transport.poll.PollTaker;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * An upstream that takes a POST for each call and pushes nothing: its feeds are polled.
 * Confined to the I/O loop of the upstream.
 *
 * <p>Who is asked nothing by anybody is asked for a number from time to time, as a socket is pinged.
 *
 * <p>It counts as connected when it has answered a first call, and as lost when it can't be connected to, or when a few
 * calls in a row brought no answer at all. An answer with an error status is an answer: the call gets an error, the
 * upstream stays. 401 and 403 may mean this call, or whoever brings the token: so a question that anybody may ask
 * follows, and if that is denied as well, the link is made anew, with the token as its file has it by then. A call on a
 * connection that breaks is not sent again, since nobody knows whether it was carried out; that is for those to decide
 * who know what it does.
 */
final class HttpLink implements UpstreamLink, PollCalls, HttpPool.Listener
{
    private static final long CHECK_MS = 50;
    /** How long after a probe one more may follow because a call was denied. */
    private static final long DENIED_PROBE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final String PROBE = "eth_blockNumber";
    private static final String CALL_START = "{\"jsonrpc\":\"2.0\",\"id\":";

    private final UpstreamClient client;
    private final NetworkLoop loop;
    private final LaneInbox inbox;
    private final LocalFeeds feeds;
    private final Outlet outlet;
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();
    private final long callTimeoutNs;
    private final long pollTimeoutNs;
    private final long idleNs;
    private HttpPool pool;
    private Future<?> timer;
    private boolean isUp;
    /** The question that only shows whether the upstream is there: whether it is out, and when it left last. */
    private boolean isProbing;
    private long probedAtNs = System.nanoTime();
    /** A call was denied since the last probe. */
    private boolean isDenied;
    private boolean isClosed;

    HttpLink(final UpstreamClient client)
    {
        this.client = client;
        loop = client.loop();
        inbox = new LaneInbox(loop, client.laneIndex(), () -> pool.sendQueued());
        feeds = new LocalFeeds(client, this, inbox);
        outlet = new HttpUpstreamOutlet(this);
        callTimeoutNs = TimeUnit.MILLISECONDS.toNanos(client.relayConfig().timing().callTimeoutMs());
        pollTimeoutNs = client.patienceNs();
        idleNs = TimeUnit.MILLISECONDS.toNanos(client.relayConfig().timing().pingIdleMs());
    }

    @Override
    public void connect()
    {
        client.findTarget(target ->
        {
            final long periodMs = Math.min(CHECK_MS, client.relayConfig().timing().pollMinMs());
            pool = new HttpPool(client, target, inbox::isFull, this);
            timer = loop.every(periodMs, this::onTime);
            pool.send(call(PROBE, "[]", new FirstAnswer()));
        });
    }

    @Override
    public Outlet outlet()
    {
        return outlet;
    }

    @Override
    public void close(final String reason)
    {
        if (isClosed)
        {
            return;
        }
        isClosed = true;
        if (pool != null)
        {
            timer.cancel(false);
            pool.close();
        }
        inbox.end();
        client.onGone(this, reason);
    }

    @Override
    public void onLost(final String reason)
    {
        close(reason);
    }

    @Override
    public void onCongested(final boolean isCongested)
    {
        if (isUp)
        {
            client.onCongested(isCongested);
        }
    }

    /** Sends a call of a poller. */
    @Override
    public void call(final String method, final String params, final PollTaker taker)
    {
        pool.send(call(method, params, new PolledAnswer(taker)));
    }

    /**
     * Takes a text of the pipeline.
     *
     * @param text the call; owned by this link.
     */
    void onText(final byte[] text)
    {
        decoder.decode(text, 0, text.length, view);
        if (isClosed || feeds.tryAnswer(text, view))
        {
            return;
        }
        final int idLength = view.idOffset == FrameView.ABSENT ? 0 : view.idLength;
        final String id = new String(text, Math.max(0, view.idOffset), idLength, StandardCharsets.UTF_8);
        pool.send(new HttpCall(
            text, view.idOffset, idLength, System.nanoTime() + callTimeoutNs, new CallAnswer(id)));
    }

    private HttpCall call(final String method, final String params, final HttpCall.Taker taker)
    {
        final byte[] text = (CALL_START + "1,\"method\":\"" + method + "\",\"params\":" + params + "}")
            .getBytes(StandardCharsets.UTF_8);
        return new HttpCall(text, CALL_START.length(), 1, System.nanoTime() + pollTimeoutNs, taker);
    }

    private void onTime()
    {
        final long nowNs = System.nanoTime();
        pool.onTime(nowNs);
        if (isUp && !isClosed)
        {
            feeds.onTime(nowNs);
            // Not sooner than half the time that it has, however soon somebody before the node says no.
            final boolean isDue = nowNs - probedAtNs > pollTimeoutNs / 2 && client.signs().isQuiet(nowNs, idleNs);
            if (!isProbing && (isDue || isDenied && nowNs - probedAtNs > DENIED_PROBE_NS))
            {
                isProbing = true;
                isDenied = false;
                probedAtNs = nowNs;
                pool.send(call(PROBE, "[]", new ProbeAnswer()));
            }
        }
    }

    /** Passes the upstream's answer on as it is. */
    private final class CallAnswer implements HttpCall.Taker
    {
        private final String id;

        private CallAnswer(final String id)
        {
            this.id = id;
        }

        @Override
        public void onAnswer(final ReceivedFrame answer, final int status)
        {
            inbox.add(answer);
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            if (!id.isEmpty())
            {
                feeds.sayError(id, code, message);
            }
        }

        @Override
        public void onDenied(final int code, final String message)
        {
            isDenied = true;
            onFailure(code, message);
        }
    }

    /** Hands a poller its answer. */
    private final class PolledAnswer implements HttpCall.Taker
    {
        private final PollTaker taker;

        private PolledAnswer(final PollTaker taker)
        {
            this.taker = taker;
        }

        @Override
        public void onAnswer(final ReceivedFrame answer, final int status)
        {
            feeds.handOver(answer, taker);
            loop.publisher().giveFrame(answer);
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            taker.onFailure(code, message);
        }

        @Override
        public void onDenied(final int code, final String message)
        {
            isDenied = true;
            onFailure(code, message);
        }
    }

    /** What it says does not matter: that it does was noted where it came in. */
    private final class ProbeAnswer implements HttpCall.Taker
    {
        @Override
        public void onAnswer(final ReceivedFrame answer, final int status)
        {
            isProbing = false;
            loop.publisher().giveFrame(answer);
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            isProbing = false;
        }

        @Override
        public void onDenied(final int code, final String message)
        {
            close(message);
        }
    }

    /** Whatever the upstream says to the first call shows that it is there, if it is JSON-RPC and not a refusal. */
    private final class FirstAnswer implements HttpCall.Taker
    {
        @Override
        public void onAnswer(final ReceivedFrame answer, final int status)
        {
            loop.publisher().giveFrame(answer);
            if (status != 200)
            {
                close("the upstream answered HTTP " + status);
                return;
            }
            isUp = true;
            client.onUp();
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            close(pool.trouble() == null ? message : pool.trouble());
        }
    }
}

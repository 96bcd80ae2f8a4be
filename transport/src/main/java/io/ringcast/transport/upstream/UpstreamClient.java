package io.ringcast.transport.upstream;

import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.session.ConnectionId;
import io.ringcast.transport.loop.AsideReading;
import io.ringcast.transport.loop.FailureText;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.SocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps one upstream connected, of whatever kind: connects, and connects again with growing pauses for as long as the
 * relay runs. To the pipeline it is a lane that comes and goes.
 * Confined to the I/O loop it was given, except {@link #isConnected()} and {@link #isAnswering}: any thread.
 */
public final class UpstreamClient
{
    private static final Logger LOGGER = LoggerFactory.getLogger(UpstreamClient.class);

    private final int laneIndex;
    private final UpstreamConfig config;
    private final RelayConfig relayConfig;
    private final TimingConfig timing;
    private final UpstreamAccess access;
    private final NetworkRelay network;
    private final NetworkLoop loop;
    private final IoTransport transport;
    private final SocketOptions socketOptions;
    private final ReconnectPause pause;
    private UpstreamLink link;
    private long connectedAtNs;
    private boolean isStopped;
    private volatile boolean isConnected;
    private volatile LifeSigns signs;

    public UpstreamClient(
        final int laneIndex, final UpstreamConfig config, final RelayConfig relayConfig, final NetworkRelay network,
        final NetworkLoop loop, final IoTransport transport, final SocketOptions socketOptions)
    {
        this.laneIndex = laneIndex;
        this.config = config;
        this.relayConfig = relayConfig;
        this.network = network;
        this.loop = loop;
        this.transport = transport;
        this.socketOptions = socketOptions;
        timing = relayConfig.timing();
        access = new UpstreamAccess(config, timing.handshakeTimeoutMs());
        pause = new ReconnectPause(timing, new SplittableRandom());
        signs = freshSigns();
    }

    public void start()
    {
        connect();
    }

    public boolean isConnected()
    {
        return isConnected;
    }

    /**
     * Tells whether it is connected and whatever it was asked has not gone without any answer for too long: a call over
     * HTTP for as long as a handshake may take, a socket for {@code pingIdleMs} more, since it is pinged then.
     *
     * @param nowNs the time.
     */
    public boolean isAnswering(final long nowNs)
    {
        return isConnected && !signs.isOverdue(nowNs);
    }

    /** Disconnects and stays so. */
    public void stop()
    {
        isStopped = true;
        if (link != null)
        {
            link.close("the relay stops");
        }
    }

    /** The connection there is or that is being made; null between two tries. */
    public UpstreamLink link()
    {
        return link;
    }

    int laneIndex()
    {
        return laneIndex;
    }

    UpstreamConfig config()
    {
        return config;
    }

    RelayConfig relayConfig()
    {
        return relayConfig;
    }

    /**
     * How many bytes may wait for the upstream before it counts as stuck. Clients are held back long before; but what
     * the ring holds by then comes all the same, and is no fault of the upstream's.
     */
    long limitUnsentBytes()
    {
        return relayConfig.limits().upstreamUnsentBytes() + relayConfig.limits().unfinishedBytes();
    }

    /** Why an upstream is given up for which more waits than {@link #limitUnsentBytes()}. */
    String overflowText()
    {
        return "takes nothing: more than upstreamUnsentBytes=" + relayConfig.limits().upstreamUnsentBytes() +
            " and unfinishedBytes=" + relayConfig.limits().unfinishedBytes() + " together wait for it";
    }

    NetworkRelay network()
    {
        return network;
    }

    public NetworkLoop loop()
    {
        return loop;
    }

    IoTransport transport()
    {
        return transport;
    }

    SocketOptions socketOptions()
    {
        return socketOptions;
    }

    /** Of the connection there is, or was last. */
    LifeSigns signs()
    {
        return signs;
    }

    /** How long an upstream may take to answer what the relay asks for itself, in nanoseconds. */
    long patienceNs()
    {
        return TimeUnit.MILLISECONDS.toNanos(Math.min(timing.callTimeoutMs(), timing.handshakeTimeoutMs()));
    }

    UpstreamAccess access()
    {
        return access;
    }

    /**
     * Finds out where to connect to, on another thread, since a look-up may take seconds and an I/O thread never waits.
     *
     * @param taker takes the target on this loop; not called if there is none: then the link ends with the reason.
     */
    void findTarget(final Consumer<UpstreamTarget> taker)
    {
        final boolean isNio = transport == IoTransport.NIO;
        final UpstreamLink asking = link;
        AsideReading.begin(loop, () -> access.target(isNio), target ->
        {
            if (!isStopped && link == asking)
            {
                taker.accept(target);
            }
        }, reason ->
        {
            if (!isStopped && link == asking)
            {
                giveUp(reason);
            }
        });
    }

    /** The link can carry calls. */
    void onUp()
    {
        if (!network.isQuiet())
        {
            LOGGER.info("upstream {} is connected", config.name());
        }
        connectedAtNs = System.nanoTime();
        signs.onHeard(connectedAtNs);
        isConnected = true;
        loop.egress().setLane(laneIndex, link.outlet());
        loop.publishSurely(EventKind.UPSTREAM_UP, ConnectionId.NONE, laneIndex);
        loop.counters().increment(RelayCounter.UPSTREAM_CONNECTS);
        network.onLaneUp(laneIndex);
        network.firstUpstream().countDown();
    }

    /** The upstream takes no more, or takes more again. */
    void onCongested(final boolean isCongested)
    {
        network.onLaneCongested(laneIndex, isCongested);
    }

    /**
     * A link is gone, or never came up.
     *
     * @param gone   the link; what comes of one that has been given up changes nothing.
     * @param reason for the log.
     */
    void onGone(final UpstreamLink gone, final String reason)
    {
        if (gone != link)
        {
            return;
        }
        link = null;
        if (isConnected)
        {
            isConnected = false;
            loop.egress().setLane(laneIndex, null);
            loop.publishSurely(EventKind.UPSTREAM_DOWN, gone.closeCode(), laneIndex);
            network.onLaneDown(laneIndex);
            pause.onGone(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connectedAtNs));
            loop.counters().increment(RelayCounter.UPSTREAM_DISCONNECTS);
        }
        else
        {
            loop.counters().increment(RelayCounter.UPSTREAM_CONNECT_FAILURES);
        }
        if (!isStopped)
        {
            final long pauseMs = pause.nextMs();
            LOGGER.warn("upstream {}: {}; next try in {} ms", config.name(), reason, pauseMs);
            loop.eventLoop().schedule(this::connect, pauseMs, TimeUnit.MILLISECONDS);
        }
    }

    private void connect()
    {
        if (isStopped)
        {
            return;
        }
        if (loop.tryRefuse())
        {
            giveUp("not tried: the relay is held back, and too many connections have come and gone since");
            return;
        }
        try
        {
            link = switch (config.kind())
            {
                case WS, WSS -> new WebSocketLink(this);
                case IPC -> new IpcLink(this);
                case HTTP, HTTPS -> new HttpLink(this);
            };
            signs = freshSigns();
            link.connect();
        }
        catch (final Throwable e)
        {
            loop.onFault(e);
            giveUp("a fault of the relay's: " + FailureText.of(e));
        }
    }

    private LifeSigns freshSigns()
    {
        final long idleNs = config.kind().isHttp() ? 0 : TimeUnit.MILLISECONDS.toNanos(timing.pingIdleMs());
        return new LifeSigns(patienceNs() + idleNs, System.nanoTime());
    }

    /** Whatever the link has got to by now is undone, and the next try comes as usual. */
    private void giveUp(final String reason)
    {
        final UpstreamLink given = link;
        if (given != null)
        {
            given.close(reason);
        }
        onGone(given, reason);
    }
}

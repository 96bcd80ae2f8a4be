package io.ringcast.tools.sim;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.ObjectConverter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.ringcast.config.ConfigException;
import io.ringcast.config.Dialect;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server for WebSocket, HTTP and IPC that behaves like a node of Solana, Substrate or Diem in front of a chain that
 * it makes up; the same one every time.
 * Confined to its event loop, except the public methods: any thread.
 */
public final class DialectNode implements NodeHost, AutoCloseable
{
    private static final long LONGEST_TICK_NS = TimeUnit.SECONDS.toNanos(1);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final DslJson<Object> json = new DslJson<>(new DslJson.Settings<>()
        .unknownNumbers(JsonReader.UnknownNumberParsing.LONG_AND_BIGDECIMAL));
    private final Dialect dialect;
    private final DialectChain chain;
    private final NodeDoors doors;
    private final RateClock clock;
    private final Map<SimulatedConnection, DialectSession> sessions = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private volatile long mined;
    private volatile long notifications;

    private DialectNode(final NodeSettings settings, final Dialect dialect)
    {
        this.dialect = dialect;
        chain = switch (dialect.name())
        {
            case "solana" -> new SolanaChain();
            case "substrate" -> new SubstrateChain();
            case "diem" -> new DiemChain();
            default -> throw new ConfigException("dialect", dialect, "another node", "solana, substrate, diem");
        };
        doors = new NodeDoors(this, settings);
        clock = new RateClock(settings.headsPerSecond(), System.nanoTime());
    }

    /**
     * Starts a node.
     *
     * @param settings where it listens and how fast its chain grows; the rest counts for nothing.
     * @param dialect  any but Ethereum's.
     * @return the node, listening.
     * @throws IOException when the address cannot be listened on.
     */
    public static DialectNode start(final NodeSettings settings, final Dialect dialect) throws IOException
    {
        final DialectNode node = new DialectNode(settings, dialect);
        try
        {
            node.doors.open(node.group);
            node.loop.execute(node::tick);
            return node;
        }
        catch (final IOException ex)
        {
            node.close();
            throw ex;
        }
    }

    /** Its WebSocket URL. */
    public URI url()
    {
        return NodeDoors.url(doors.address());
    }

    /** Slots, blocks or transactions made since the start. */
    public long mined()
    {
        return mined;
    }

    /** Items written to subscriptions since the start. */
    public long notifications()
    {
        return notifications;
    }

    /** Makes so many slots, blocks or transactions and returns when their items are written. */
    public void mine(final int count)
    {
        loop.submit(() -> mineNow(count)).syncUninterruptibly();
    }

    /** Cuts every connection without a closing handshake, as a crash would. */
    public void dropConnections()
    {
        loop.submit(() -> List.copyOf(sessions.keySet()).forEach(SimulatedConnection::close)).syncUninterruptibly();
    }

    @Override
    public void close()
    {
        doors.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void tick()
    {
        mineNow(clock.takeDue(System.nanoTime()));
        if (!loop.isShuttingDown())
        {
            loop.schedule(this::tick, Math.min(LONGEST_TICK_NS, clock.untilNextNs()), TimeUnit.NANOSECONDS);
        }
    }

    private void mineNow(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            chain.mine();
            mined++;
            List.copyOf(sessions.keySet()).forEach(this::tell);
        }
        sessions.keySet().forEach(SimulatedConnection::flush);
    }

    private void tell(final SimulatedConnection connection)
    {
        for (final String text : sessions.get(connection).due())
        {
            if (!connection.write(text))
            {
                sessions.remove(connection);
                return;
            }
            notifications++;
        }
    }

    @Override
    public boolean isAway()
    {
        return false;
    }

    @Override
    public void onConnected(final SimulatedConnection connection)
    {
        sessions.put(connection, new DialectSession(dialect, chain, numbers));
    }

    @Override
    public void onDisconnected(final SimulatedConnection connection)
    {
        sessions.remove(connection);
    }

    @Override
    public void onText(final SimulatedConnection connection, final byte[] text)
    {
        final DialectSession session = sessions.get(connection);
        if (session == null)
        {
            return;
        }
        final String answer = answer(session, text);
        if (answer == null || connection.write(answer))
        {
            tell(connection);
            connection.flush();
        }
    }

    @Override
    public String onPost(final byte[] text)
    {
        return answer(new DialectSession(dialect, chain, new HashMap<>()), text);
    }

    private String answer(final DialectSession session, final byte[] text)
    {
        final Map<?, ?> call = read(text);
        final String id = call == null ? null : idToken(call.get("id"));
        if (call == null || !(call.get("method") instanceof String method) || id == null)
        {
            return "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":" + malformedCode() +
                ",\"message\":\"Invalid request format\"" + dialect.errorEnd() + "}}";
        }
        try
        {
            if ("sim_mine".equals(method))
            {
                final int count = RpcParams.of(call.get("params")).count(0, 1, 1_000);
                loop.execute(() -> mineNow(count));
                return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + (chain.tip() + count) + "}";
            }
            final String member = session.answer(method, call.get("params"), id);
            return member == null ? null : "{\"jsonrpc\":\"2.0\",\"id\":" + id + ',' + member + "}";
        }
        catch (final RpcException ex)
        {
            final String error = ex.json();
            return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" +
                error.substring(0, error.length() - 1) + dialect.errorEnd() + "}}";
        }
    }

    private int malformedCode()
    {
        return dialect.malformed() == null ? -32600 : dialect.malformed().code();
    }

    private Map<?, ?> read(final byte[] text)
    {
        try
        {
            final JsonReader<Object> reader = json.newReader(text);
            reader.getNextToken();
            return ObjectConverter.deserializeObject(reader) instanceof Map<?, ?> map ? map : null;
        }
        catch (final IOException | RuntimeException ex)
        {
            return null;
        }
    }

    /** The id as it is written back, or null when it cannot be an id. */
    private static String idToken(final Object id)
    {
        if (id instanceof String text)
        {
            return JsonText.quote(text);
        }
        return id instanceof Long || id instanceof BigDecimal ? id.toString() : null;
    }
}

package io.ringcast.tools.sim;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.ringcast.tools.sim.SimulatedSubscription.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A server for WebSocket, HTTP and IPC that behaves like a geth node in front of a {@link SimulatedChain}.
 * Confined to its chain's event loop, except the public methods: any thread.
 *
 * <p>Items are told only after the answer to the call that caused them has been written, so a subscription's id always
 * comes before its first item.
 */
public final class SimulatedNode implements NodeHost, AutoCloseable
{
    private static final long LONGEST_TICK_NS = TimeUnit.SECONDS.toNanos(1);

    private record Late(long tellNs, Queue<Runnable> items)
    {
    }

    private final NodeSettings settings;
    private final SharedChain shared;
    private final boolean ownsChain;
    private final EventLoop loop;
    private final Set<SimulatedConnection> connections = new LinkedHashSet<>();
    private final Queue<Runnable> items = new ArrayDeque<>();
    /** What a node that is behind will tell, in the chain's order. */
    private final Queue<Late> late = new ArrayDeque<>();
    private final RateClock headClock;
    private final RateClock pendingClock;
    private final SimulatedChain chain;
    private final RpcTexts texts;
    private final ChainListener listener = new Announcer();
    private final SplittableRandom random;
    private final NodeDoors doors;
    /** The newest block that was told of; a node that is behind answers as of this one. */
    private SimulatedBlock shownHead;
    private long lastTellNs;
    private Future<?> lastTelling;
    private boolean isAway;
    private boolean isHushed;
    private long tickGeneration;
    private volatile long heads;
    private volatile long notifications;
    private volatile long slowClosed;

    private SimulatedNode(final NodeSettings settings, final SharedChain shared, final boolean ownsChain)
    {
        this.settings = settings;
        this.shared = shared;
        this.ownsChain = ownsChain;
        loop = shared.loop();
        chain = shared.chain();
        shownHead = chain.head();
        random = new SplittableRandom(settings.chain().seed() + settings.delayMs());
        doors = new NodeDoors(this, settings);
        headClock = new RateClock(ownsChain ? settings.headsPerSecond() : 0, System.nanoTime());
        pendingClock = new RateClock(ownsChain ? settings.pendingPerSecond() : 0, System.nanoTime());
        texts = new RpcTexts(new SimulatedRpc(
            chain, () -> settings.delayMs() == 0 ? chain.head() : shownHead, settings.pushes(),
            System::currentTimeMillis, this::setRates));
    }

    /**
     * Starts a node.
     *
     * @param settings how it behaves.
     * @return the node, listening.
     * @throws IOException when the address cannot be listened on.
     */
    public static SimulatedNode start(final NodeSettings settings) throws IOException
    {
        return start(settings, new SharedChain(settings.chain()), true);
    }

    /**
     * Starts another node that tells of the same chain, in its own time. It ends when this one does, or before.
     *
     * @param other how it behaves; its rates, reorgs and chain count for nothing.
     * @return the node, listening.
     * @throws IOException when the address cannot be listened on.
     */
    public SimulatedNode startBeside(final NodeSettings other) throws IOException
    {
        return start(other, shared, false);
    }

    private static SimulatedNode start(
        final NodeSettings settings, final SharedChain shared, final boolean ownsChain) throws IOException
    {
        final SimulatedNode node = shared.loop().submit(() ->
        {
            final SimulatedNode created = new SimulatedNode(settings, shared, ownsChain);
            shared.add(created);
            return created;
        }).syncUninterruptibly().getNow();
        try
        {
            node.doors.open(shared.group());
            node.loop.execute(node::tick);
            return node;
        }
        catch (final IOException ex)
        {
            node.close();
            throw ex;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address()
    {
        return doors.address();
    }

    /** Its WebSocket URL. */
    public URI url()
    {
        return NodeDoors.url(address());
    }

    /** Blocks mined since the start. */
    public long heads()
    {
        return heads;
    }

    /** Items written to subscriptions since the start. */
    public long notifications()
    {
        return notifications;
    }

    /** Clients closed because they did not read. */
    public long slowClosed()
    {
        return slowClosed;
    }

    /** Mines so many blocks and returns when their items are written; the new head's number. */
    public long mine(final int count)
    {
        return onLoop(c ->
        {
            for (int i = 0; i < count; i++)
            {
                c.mine(System.currentTimeMillis());
            }
            return c.head().number();
        });
    }

    /** Reorganises the chain and returns when the items are written; the new head's number. */
    public long reorg(final int depth)
    {
        return onLoop(c -> c.reorg(depth, System.currentTimeMillis()).number());
    }

    /** Returns when this node, which may be behind, has told all that has happened to the chain up to now. */
    public void awaitTold()
    {
        final Future<?> telling = loop.submit(() -> lastTelling).syncUninterruptibly().getNow();
        if (telling != null)
        {
            telling.syncUninterruptibly();
        }
    }

    /** Makes up so many pending transactions and returns when their items are written. */
    public void addPending(final int count)
    {
        onLoop(c ->
        {
            for (int i = 0; i < count; i++)
            {
                c.addPending();
            }
            return count;
        });
    }

    /** Cuts every connection without a closing handshake, as a crash would. */
    public void dropConnections()
    {
        onLoop(c ->
        {
            Set.copyOf(connections).forEach(SimulatedConnection::close);
            return 0;
        });
    }

    /** As if its host were off: cuts every connection, and new ones as soon as they come, until {@link #comeBack()}. */
    public void goAway()
    {
        onLoop(c ->
        {
            isAway = true;
            return 0;
        });
        dropConnections();
    }

    /** Takes connections again. */
    public void comeBack()
    {
        onLoop(c ->
        {
            isAway = false;
            return 0;
        });
    }

    /** Tells its subscribers nothing, as if a middlebox had forgotten their connections; calls are answered. */
    public void hush(final boolean isSilent)
    {
        onLoop(c ->
        {
            isHushed = isSilent;
            return 0;
        });
    }

    private long onLoop(final ToLongFunction<SimulatedChain> step)
    {
        return loop.submit(() ->
        {
            final long result = step.applyAsLong(chain);
            shared.announce();
            return result;
        }).syncUninterruptibly().getNow();
    }

    @Override
    public void close()
    {
        doors.close();
        if (ownsChain)
        {
            shared.close();
        }
        else if (!loop.isShuttingDown())
        {
            dropConnections();
            loop.submit(() -> shared.remove(this)).awaitUninterruptibly();
        }
    }

    private void setRates(final Double headsPerSecond, final Double pendingPerSecond)
    {
        if (headsPerSecond != null)
        {
            headClock.set(headsPerSecond, System.nanoTime());
        }
        if (pendingPerSecond != null)
        {
            pendingClock.set(pendingPerSecond, System.nanoTime());
        }
        scheduleTick();
    }

    private void tick()
    {
        for (int i = pendingClock.takeDue(System.nanoTime()); i > 0; i--)
        {
            chain.addPending();
        }
        for (int i = headClock.takeDue(System.nanoTime()); i > 0; i--)
        {
            mineByItself();
        }
        shared.announce();
        scheduleTick();
    }

    private void mineByItself()
    {
        final int every = settings.reorgEveryHeads();
        if (every > 0 && (heads + 1) % every == 0 && chain.length() > settings.reorgDepth())
        {
            chain.reorg(settings.reorgDepth(), System.currentTimeMillis());
        }
        else
        {
            chain.mine(System.currentTimeMillis());
        }
    }

    /** Of several scheduled ticks only the last one counts: a new rate may not wait for the old one's next item. */
    private void scheduleTick()
    {
        final long generation = ++tickGeneration;
        final long delayNs =
            Math.min(LONGEST_TICK_NS, Math.min(headClock.untilNextNs(), pendingClock.untilNextNs()));
        if (loop.isShuttingDown())
        {
            return;
        }
        loop.schedule(() ->
        {
            if (generation == tickGeneration)
            {
                tick();
            }
        }, delayNs, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onConnected(final SimulatedConnection connection)
    {
        connections.add(connection);
    }

    @Override
    public void onDisconnected(final SimulatedConnection connection)
    {
        connections.remove(connection);
    }

    @Override
    public void onText(final SimulatedConnection connection, final byte[] text)
    {
        final String answer = texts.answer(text, connection.subscriptions());
        if (answer != null && write(connection, answer))
        {
            connection.flush();
        }
        shared.announce();
    }

    /** The answer to a POST, or null if none is owed. Items that it causes are told later. */
    @Override
    public String onPost(final byte[] text)
    {
        final String answer = texts.answer(text, null);
        loop.execute(shared::announce);
        return answer;
    }

    @Override
    public boolean isAway()
    {
        return isAway;
    }

    ChainListener listener()
    {
        return listener;
    }

    /** Tells what has happened to the chain, now or when this node is to know of it. */
    void announceItems()
    {
        if (items.isEmpty() || settings.delayMs() == 0)
        {
            tell(items);
            return;
        }
        final long delayNs = TimeUnit.MILLISECONDS.toNanos(settings.delayMs());
        // Never before what was to be told earlier: a node may be late, but its order is the chain's.
        final long tellNs =
            Math.max(lastTellNs + 1, System.nanoTime() + delayNs / 2 + random.nextLong(delayNs / 2 + 1));
        lastTellNs = tellNs;
        late.add(new Late(tellNs, new ArrayDeque<>(items)));
        items.clear();
        lastTelling = loop.schedule(() -> tellLate(tellNs), tellNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** The loop may run two tasks that are a nanosecond apart in either order; the items keep theirs. */
    private void tellLate(final long untilNs)
    {
        while (!late.isEmpty() && late.peek().tellNs - untilNs <= 0)
        {
            tell(late.poll().items);
        }
    }

    private void tell(final Queue<Runnable> told)
    {
        if (!told.isEmpty())
        {
            for (Runnable item = told.poll(); item != null; item = told.poll())
            {
                item.run();
            }
            connections.forEach(SimulatedConnection::flush);
        }
    }

    private boolean write(final SimulatedConnection connection, final String text)
    {
        final boolean isWritten = connection.write(text);
        if (!isWritten)
        {
            slowClosed++;
            connections.remove(connection);
        }
        return isWritten;
    }

    private void announce(final Predicate<SimulatedSubscription> wanted, final String item)
    {
        if (isHushed)
        {
            return;
        }
        for (final SimulatedConnection connection : Set.copyOf(connections))
        {
            for (final SimulatedSubscription subscription : connection.subscriptions().all())
            {
                if (wanted.test(subscription))
                {
                    if (!write(connection, "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
                        "{\"subscription\":\"" + subscription.id() + "\",\"result\":" + item + "}}"))
                    {
                        break;
                    }
                    notifications++;
                }
            }
        }
    }

    /** Keeps what the chain tells until the answer to the call that caused it is out. */
    private final class Announcer implements ChainListener
    {
        @Override
        public void onHead(final SimulatedBlock block)
        {
            heads++;
            items.add(() ->
            {
                shownHead = block;
                announce(subscription -> subscription.kind() == Kind.HEADS, block.headerJson());
            });
        }

        @Override
        public void onLog(final SimulatedLog log, final boolean isRemoved)
        {
            items.add(() -> announce(subscription -> subscription.kind() == Kind.LOGS &&
                subscription.filter().matches(log), log.json(isRemoved)));
        }

        @Override
        public void onPending(final SimulatedTransaction transaction)
        {
            items.add(() ->
            {
                announce(subscription -> subscription.kind() == Kind.PENDING_HASHES, '"' + transaction.hash() + '"');
                announce(subscription -> subscription.kind() == Kind.PENDING_OBJECTS,
                    transaction.json(chain.chainId(), null, 0));
            });
        }
    }
}

package io.ringcast.tools.sim;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One chain and the nodes that tell of it, all on one event loop.
 * Confined to that loop, except {@link #loop()} and {@link #close()}: any thread.
 */
final class SharedChain implements ChainListener
{
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final SimulatedChain chain;

    SharedChain(final ChainSettings settings)
    {
        chain = new SimulatedChain(settings, this, System.currentTimeMillis());
    }

    EventLoop loop()
    {
        return loop;
    }

    MultiThreadIoEventLoopGroup group()
    {
        return group;
    }

    SimulatedChain chain()
    {
        return chain;
    }

    void add(final SimulatedNode node)
    {
        nodes.add(node);
    }

    void remove(final SimulatedNode node)
    {
        nodes.remove(node);
    }

    /** Whatever has happened to the chain is told, by each node in its time. */
    void announce()
    {
        nodes.forEach(SimulatedNode::announceItems);
    }

    @Override
    public void onHead(final SimulatedBlock block)
    {
        nodes.forEach(node -> node.listener().onHead(block));
    }

    @Override
    public void onLog(final SimulatedLog log, final boolean isRemoved)
    {
        nodes.forEach(node -> node.listener().onLog(log, isRemoved));
    }

    @Override
    public void onPending(final SimulatedTransaction transaction)
    {
        nodes.forEach(node -> node.listener().onPending(transaction));
    }

    void close()
    {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

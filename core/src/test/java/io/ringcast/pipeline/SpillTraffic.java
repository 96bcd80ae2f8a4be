package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client to heads and one to logs that read at their own pace, of a history that is short, while the chain grows and
 * forks.
 * Confined to the test's thread; decided by its seed.
 */
final class SpillTraffic implements SeededTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        /** An item that was read from the node. */
        PAST,
        REMOVED,
        /** The chain left what a client had last, while that lagged. */
        LEFT,
        RETURN,
        LOSS
    }

    private static final int KEPT_ITEMS = 128;
    private static final int LIMIT_DEPTH = 12;
    private static final Pattern ITEM = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*?}),\"relay\":(\\{.*})}}");

    /** One subscription on a connection of its own. */
    private final class Client
    {
        final boolean isOfHeads;
        final boolean wantsBlocks;
        /** Null if it does not want whole blocks. */
        final WholeBlocks blocks;
        final FakeOutlet outlet = relay.connect();
        /** The chain as the client has it. */
        final Deque<String> state = new ArrayDeque<>();
        boolean isCongested;
        boolean isLossTold;
        boolean isCutOff;

        Client(final boolean isOfHeads, final boolean wantsBlocks)
        {
            this.isOfHeads = isOfHeads;
            this.wantsBlocks = wantsBlocks;
            blocks = wantsBlocks ? new WholeBlocks(chain, true, isOfHeads, false, 0) : null;
            outlet.onCutOff = () -> isCutOff = true;
            relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" +
                (isOfHeads ? "\"newHeads\"" : "\"logs\",{}") +
                ",{\"relay\":{\"stamps\":true,\"onGap\":\"backfill\",\"lag\":{\"policy\":\"spill\"}" +
                (wantsBlocks ? ",\"order\":\"block\"" : "") + "}}]}");
        }

        void read()
        {
            for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
            {
                final Matcher item = ITEM.matcher(text);
                if (item.matches())
                {
                    isLossTold |= item.group(2).contains("\"lost\"");
                    seen[Seen.PAST.ordinal()] += item.group(2).startsWith("{\"phase\":\"history\"") ? 1 : 0;
                    onItem(item.group(1), item.group(2));
                }
            }
        }

        private void onItem(final String item, final String mark)
        {
            if (isLossTold || isCutOff)
            {
                return;
            }
            if (blocks != null)
            {
                blocks.onItem(item, mark, isOfHeads ? isBehindAnother(item) : item.contains("\"removed\":true"));
            }
            if (isOfHeads)
            {
                onHead(item, mark);
            }
            else if (item.contains("\"removed\":true"))
            {
                seen[Seen.REMOVED.ordinal()]++;
                require(item.replace("true", "false").equals(state.peekLast()), "removed " + item);
                state.pollLast();
            }
            else
            {
                require(state.isEmpty() || place(item) > place(state.peekLast()), item);
                state.addLast(item);
            }
        }

        private boolean isBehindAnother(final String head)
        {
            return !state.isEmpty() &&
                !PastChain.member(state.peekLast(), "hash").equals(PastChain.member(head, "parentHash"));
        }

        private void onHead(final String head, final String mark)
        {
            String dropped = "";
            while (isBehindAnother(head))
            {
                dropped = ",\"" + PastChain.member(state.pollLast(), "hash") + '"' + dropped;
            }
            require(!wantsBlocks || dropped.isEmpty() || mark.contains("\"dropped\":[" + dropped.substring(1) + ']'),
                "dropped " + dropped + " and not " + mark);
            require(!state.isEmpty() || isFirst, head + " follows nothing");
            isFirst = false;
            state.addLast(head);
        }

        private boolean isFirst = true;

        /** Whether the chain has left what it had last. */
        boolean isLeft()
        {
            final String last = state.peekLast();
            return last != null && chain.at(number(last)) != chain.byHash(
                PastChain.member(last, isOfHeads ? "hash" : "blockHash"));
        }

        private long number(final String item)
        {
            return Long.decode(PastChain.member(item, isOfHeads ? "number" : "blockNumber"));
        }

        private long place(final String log)
        {
            return number(log) * 1_000 + Long.decode(PastChain.member(log, "logIndex"));
        }

        void check()
        {
            require(!isCutOff, "cut off");
            if (isLossTold)
            {
                seen[Seen.LOSS.ordinal()]++;
                return;
            }
            final List<String> all = isOfHeads ? chain.heads(firstNumber) :
                chain.logs(firstNumber, Long.MAX_VALUE, true);
            final List<String> got = List.copyOf(state);
            for (int i = 0; i < Math.max(all.size(), got.size()); i++)
            {
                final String wanted = i < all.size() ? all.get(i) : "nothing";
                require(i < got.size() && got.get(i).equals(wanted), "want " + wanted + "\n got " +
                    (i < got.size() ? got.get(i) : "nothing") + "\n at " + i + " of " + all.size());
            }
        }

        private void require(final boolean isTrue, final String message)
        {
            if (!isTrue)
            {
                throw new AssertionError(message + (isOfHeads ? "\n of heads" : "\n of logs") +
                    (wantsBlocks ? " in blocks" : "") + " behind " +
                    state.peekLast());
            }
        }
    }

    private final Random random;
    private final PastChain chain;
    private final FakeRelay relay;
    private final List<Client> clients = new ArrayList<>();
    private final long[] seen = new long[Seen.values().length];
    private final long firstNumber;
    /** Whether it takes its time for answers. */
    private boolean isNodeSlow;

    SpillTraffic(final long seed)
    {
        random = new Random(seed);
        chain = new PastChain(random);
        relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(KEPT_ITEMS).build()),
            NetworkConfig.builder());
        for (int i = 0; i < 2 * LIMIT_DEPTH; i++)
        {
            chain.grow();
        }
        relay.nodeUp();
        for (int i = 0; i < 4; i++)
        {
            clients.add(new Client(i % 2 == 0, i / 2 == 1));
        }
        settle();
        clients.forEach(client -> relay.pongs(client.outlet));
        settle();
        firstNumber = chain.tip.number() + 1;
        grow(LIMIT_DEPTH + 4);
    }

    @Override
    public long[] seen()
    {
        return seen;
    }

    @Override
    public void step()
    {
        final Client client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(10))
        {
            case 0, 1 -> congest(client);
            case 2 -> takeSome(client);
            case 3 -> drain(client);
            case 4 -> grow(random.nextInt(2 * KEPT_ITEMS));
            case 5, 6 -> fork();
            case 7 -> storm();
            case 8 -> isNodeSlow = !isNodeSlow;
            default -> grow(1 + random.nextInt(4));
        }
        if (random.nextInt(4) == 0)
        {
            relay.tick(50_000_000);
            settle();
        }
    }

    @Override
    public void finish()
    {
        isNodeSlow = false;
        clients.forEach(this::drain);
        for (int i = 0; i < 40; i++)
        {
            grow(2);
            relay.tick(400_000_000);
            settle();
        }
        clients.forEach(Client::check);
        if (relay.count(RelayCounter.STAGE_FAILURES) + relay.count(RelayCounter.EGRESS_FAILURES) > 0)
        {
            throw new AssertionError("a fault");
        }
    }

    @Override
    public void close()
    {
        relay.close();
    }

    private void congest(final Client client)
    {
        if (client.outlet.mayWait() && !client.isCutOff)
        {
            client.isCongested = true;
            relay.parts.loops[0].onCongested(client.outlet);
        }
    }

    private void drain(final Client client)
    {
        if (client.isCongested)
        {
            client.isCongested = false;
            relay.parts.loops[0].onDrained(client.outlet, relay.nowNs);
        }
        settle();
    }

    /** The socket fills again before it has taken all. */
    private void takeSome(final Client client)
    {
        if (client.isCongested)
        {
            relay.parts.loops[0].onDrained(client.outlet, relay.nowNs);
            for (int polls = 1 + random.nextInt(2); polls > 0; polls--)
            {
                relay.pipeline.runStages();
                relay.pipeline.poller(0).poll();
            }
            congest(client);
            settle();
        }
    }

    private void grow(final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            tell(chain.grow());
        }
    }

    private void fork()
    {
        final PastChain.Block before = chain.tip;
        final long depth = Math.min(1 + random.nextInt(LIMIT_DEPTH), chain.tip.number() - firstNumber);
        final int left = chain.goBack((int)depth);
        for (final Client client : clients)
        {
            seen[Seen.LEFT.ordinal()] += client.isCongested && client.isLeft() ? 1 : 0;
        }
        grow(1 + random.nextInt(left + 2));
        if (random.nextInt(3) == 0)
        {
            seen[Seen.RETURN.ordinal()]++;
            comeBack(before);
        }
        while (chain.tip.number() <= before.number())
        {
            grow(1);
        }
    }

    /** So many forks that all that is kept is of a few blocks. */
    private void storm()
    {
        for (int i = random.nextInt(6); i >= 0; i--)
        {
            fork();
        }
    }

    private void comeBack(final PastChain.Block before)
    {
        final Deque<PastChain.Block> way = new ArrayDeque<>();
        for (PastChain.Block block = before; chain.at(block.number()) != block; block = block.parent())
        {
            way.addFirst(block);
        }
        chain.goBack((int)(chain.tip.number() - before.number()) + way.size());
        for (final PastChain.Block block : way)
        {
            tell(chain.lead(block));
        }
    }

    private void tell(final PastChain.Block block)
    {
        relay.nodeSays(PastChain.item("0xaa", block.head()));
        block.logs().forEach(log -> relay.nodeSays(PastChain.item("0xbb", log)));
        settle();
    }

    private String nextCall()
    {
        return isNodeSlow && random.nextInt(8) > 0 ? null : relay.node.received.poll();
    }

    private void settle()
    {
        relay.run();
        for (String call = nextCall(); call != null; call = nextCall())
        {
            relay.nodeSays(chain.answer(call));
            relay.run();
        }
        clients.forEach(Client::read);
    }
}

package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that ask for what was before they came, at random over a chain that forks, upstreams that fail, refuse, go
 * and come back, and sockets that fill and drain.
 * Confined to the test's thread; decided by its seed.
 */
final class HistoryTraffic extends ChainTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        ITEM,
        REMOVED,
        REORG,
        RETURN,
        LOSS_OF_A_LANE,
        REFUSAL,
        SILENCE,
        CONGESTION,
        DEPARTURE,
        FUTURE,
        BACKFILL,
        WHOLE_BLOCK,
        EMPTY_BLOCK,
        JOIN,
        FORGOTTEN_PAGE,
        GAP
    }

    private static final Pattern ITEM =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*})}}");
    private static final Pattern MARKED_ITEM =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*?}|null)," +
            "\"relay\":(\\{.*})}}");
    private static final int LIMIT_DEPTH = 12;
    private static final int LONG_BLOCKS = 90;
    /** A quarter of it holds what is published meanwhile, and not what the readers would like to hold. */
    private static final long SMALL_HISTORY_BYTES = 5 * 1024 * 1024;
    private static final String LONG_PADDING = " ".repeat(300_000);
    private static final String SHORT_PADDING = " ".repeat(60_000);

    /** One client, and what it must end up with. */
    private final class Client
    {
        final long from;
        final boolean isAll;
        final boolean isOfHeads;
        final FakeOutlet outlet;
        boolean isCongested;
        /** Where it says that it was; null if it asks for a block. */
        final String had;
        /** Null if it does not want whole blocks. */
        final WholeBlocks blocks;
        /** The chain as the client has it. */
        final Deque<String> state = new ArrayDeque<>();

        Client(final long from, final boolean isAll, final boolean isOfHeads, final String lastItem)
        {
            had = lastItem;
            this.from = from;
            this.isAll = isAll;
            this.isOfHeads = isOfHeads;
            outlet = relay.connect();
            final boolean wantsEmpty = random.nextInt(3) == 0;
            blocks = random.nextBoolean() ? null : new WholeBlocks(
                chain, isAll, isOfHeads, wantsEmpty, had == null || isOfHeads ? 0 : indexBehind(had));
            final String order = blocks == null ? "" :
                ",\"stamps\":true,\"order\":\"block\"" + (wantsEmpty ? ",\"emptyBlocks\":true" : "");
            if (had != null)
            {
                final String filter = isAll ? "{}" : "{\"address\":\"" + PastChain.ADDRESS + "\"}";
                relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" +
                    (isOfHeads ? "\"newHeads\"" : "\"logs\"," + filter) +
                    ",{\"relay\":{\"onGap\":\"backfill\",\"resume\":{\"c\":\"" + cursor(had, isOfHeads) + "\"}" +
                    order + "}}]}");
                return;
            }
            final String fromBlock = "\"fromBlock\":\"0x" + Long.toHexString(from) + '"';
            relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" +
                (isOfHeads ? "\"newHeads\",{" + fromBlock : "\"logs\",{" + fromBlock +
                (isAll ? "" : ",\"address\":\"" + PastChain.ADDRESS + '"')) + "},{\"relay\":{\"history\":true" +
                order + "}}]}");
        }

        /** The place of what follows an item in its block; 0 if that is another block's. */
        private int indexBehind(final String log)
        {
            final List<String> logs = chain.byHash(PastChain.member(log, "blockHash")).logs(isAll);
            return (logs.indexOf(log) + 1) % logs.size();
        }

        void read()
        {
            for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
            {
                final Matcher item = (blocks == null ? ITEM : MARKED_ITEM).matcher(text);
                if (item.matches())
                {
                    if (blocks != null && !hasGap())
                    {
                        onMarkedItem(item.group(1), item.group(2));
                    }
                    else
                    {
                        onItem(item.group(1));
                    }
                }
                else if (text.contains("error"))
                {
                    throw new AssertionError(text);
                }
            }
        }

        private void onMarkedItem(final String item, final String relay)
        {
            try
            {
                blocks.onItem(item, relay, item.contains("\"removed\":true") || isOfHeads && !state.isEmpty() &&
                    !state.peekLast().contains("\"hash\":\"" + PastChain.member(item, "parentHash") + '"'));
            }
            catch (final AssertionError e)
            {
                throw new AssertionError(e.getMessage() + from(), e);
            }
            seen[("null".equals(item) ? Seen.EMPTY_BLOCK : Seen.WHOLE_BLOCK).ordinal()]++;
            if (!"null".equals(item))
            {
                onItem(item);
            }
        }

        private void onItem(final String item)
        {
            if (hasGap())
            {
                return;
            }
            if (isOfHeads)
            {
                onHead(item);
            }
            else if (item.contains("\"removed\":true"))
            {
                seen[Seen.REMOVED.ordinal()]++;
                final String last = state.peekLast();
                if (!item.replace("true", "false").equals(last))
                {
                    throw new AssertionError("removed " + item + " but the last is " + last + from());
                }
                state.pollLast();
            }
            else
            {
                seen[Seen.ITEM.ordinal()]++;
                if (!state.isEmpty() && place(item) <= place(state.peekLast()))
                {
                    throw new AssertionError(item + " behind " + state.peekLast() + from());
                }
                state.addLast(item);
            }
        }

        /** Each follows its parent, or the block where the chain forked. */
        private void onHead(final String head)
        {
            seen[Seen.ITEM.ordinal()]++;
            final String parent = PastChain.member(head, "parentHash");
            while (!state.isEmpty() && !state.peekLast().contains("\"hash\":\"" + parent + '"'))
            {
                state.pollLast();
            }
            final long first = had == null ? from : from + 1;
            if (state.isEmpty() && Long.decode(PastChain.member(head, "number")) != first)
            {
                throw new AssertionError(head + " follows nothing" + from());
            }
            state.addLast(head);
        }

        void check()
        {
            final List<String> all = isOfHeads ? heads(from) : chain.logs(from, Long.MAX_VALUE, isAll);
            final List<String> wanted = had == null ? all : all.subList(all.indexOf(had) + 1, all.size());
            if (!List.copyOf(state).equals(wanted))
            {
                throw new AssertionError("want " + shown(wanted) + "\n got " + shown(state) + from());
            }
            if (blocks != null)
            {
                blocks.check();
                seen[Seen.JOIN.ordinal()] += blocks.hasJoined ? 1 : 0;
            }
        }

        private String from()
        {
            return " from " + from + (isOfHeads ? " heads" : isAll ? " all" : " some") +
                (had == null ? "" : " backfilled") + (blocks == null ? "" : " in blocks") + " connection " +
                outlet.connectionId();
        }
    }

    private final long[] seen = new long[Seen.values().length];
    private final List<Client> clients = new ArrayList<>();
    private final boolean isLong;
    private final boolean hasLongAnswers;

    HistoryTraffic(final long seed)
    {
        this(seed, new Random(seed));
    }

    private HistoryTraffic(final long seed, final Random random)
    {
        super(seed, random, limitedChain(random), timing -> { }, DeliveryConfig.builder().historyBytes(
            seed % 4 < 2 ? DeliveryConfig.HISTORY_BYTES.defaultValue() : SMALL_HISTORY_BYTES).build());
        isLong = random.nextInt(4) == 0;
        hasLongAnswers = seed % 4 >= 2;
        begin(1 + random.nextInt(random.nextBoolean() ? 40 : 400));
    }

    /** Some nodes give so many logs at once, or so many blocks, and no more. */
    private static PastChain limitedChain(final Random random)
    {
        final PastChain chain = new PastChain(random);
        chain.limitLogs = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 0;
        chain.limitBlocks = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 0;
        return chain;
    }

    @Override
    public long[] seen()
    {
        return seen;
    }

    @Override
    public void step()
    {
        final int dice = random.nextInt(100);
        if (dice < 30)
        {
            tell(chain.grow());
        }
        else if (dice < 36)
        {
            fork();
        }
        else if (dice < 41)
        {
            toggle();
        }
        else if (dice < 50 && clients.size() < 6)
        {
            come();
        }
        else if (dice < 52 && !clients.isEmpty())
        {
            seen[Seen.DEPARTURE.ordinal()]++;
            relay.closes(clients.remove(random.nextInt(clients.size())).outlet);
        }
        else if (!clients.isEmpty())
        {
            act(clients.get(random.nextInt(clients.size())));
        }
        rest(6);
    }

    /** All come back, agree and answer; then everybody has the whole chain from its block on. */
    @Override
    public void finish()
    {
        endFailures();
        if (isLong)
        {
            goOn();
        }
        final long last = Math.max(chain.tip.number() + 3, clients.stream().mapToLong(c -> c.from).max().orElse(0) + 3);
        while (chain.tip.number() < last)
        {
            tellSurely(chain.grow());
            settle(1_000);
            pass(STEP_NS);
        }
        for (int i = 0; i < 100; i++)
        {
            for (final Client client : clients)
            {
                relay.pongs(client.outlet);
                drain(client);
            }
            pass(4 * STEP_NS);
        }
        if (hasGap())
        {
            seen[Seen.GAP.ordinal()]++;
            return;
        }
        seen[Seen.FORGOTTEN_PAGE.ordinal()] += relay.count(RelayCounter.HISTORY_PAGES_DROPPED);
        clients.forEach(Client::check);
        checkNoFault();
    }

    /** So many blocks come that the relay knows all that the chain may leave, and leaves some. */
    private void goOn()
    {
        for (int i = 0; i < LONG_BLOCKS; i++)
        {
            final long height = chain.tip.number();
            chain.goBack(random.nextInt(8) == 0 ? random.nextInt(LIMIT_DEPTH) : 0);
            while (chain.tip.number() <= height)
            {
                tellSurely(chain.grow());
                settle(random.nextInt(4) * 300);
            }
            pass(STEP_NS);
            if (!clients.isEmpty())
            {
                act(clients.get(random.nextInt(clients.size())));
            }
        }
    }

    private void come()
    {
        final int kind = random.nextInt(4);
        final long from = random.nextInt(5) == 0 ? chain.tip.number() + random.nextInt(8) :
            random.nextBoolean() ? Math.max(0, chain.tip.number() - random.nextInt(30)) :
            random.nextInt((int)chain.tip.number() + 1);
        seen[Seen.FUTURE.ordinal()] += from > chain.tip.number() ? 1 : 0;
        final boolean isAll = random.nextBoolean();
        // So old that the chain won't leave it.
        final long old = chain.tip.number() - 6 * LIMIT_DEPTH;
        final List<String> before = random.nextInt(3) > 0 || old < 1 ? List.of() :
            kind == 0 ? heads(old).subList(0, 1) : chain.logs(random.nextInt((int)old), old, isAll);
        if (before.isEmpty())
        {
            clients.add(new Client(from, isAll, kind == 0, null));
            return;
        }
        seen[Seen.BACKFILL.ordinal()]++;
        final String had = before.get(random.nextInt(before.size()));
        clients.add(new Client(
            kind == 0 ? old : Long.decode(PastChain.member(had, "blockNumber")), isAll, kind == 0, had));
    }

    private static String cursor(final String item, final boolean isOfHeads)
    {
        return Long.decode(PastChain.member(item, isOfHeads ? "number" : "blockNumber")) + ":" +
            PastChain.member(item, isOfHeads ? "hash" : "blockHash").substring(2, 18) + ":" +
            (isOfHeads ? 0 : Long.decode(PastChain.member(item, "logIndex")));
    }

    private void act(final Client client)
    {
        switch (random.nextInt(4))
        {
            case 0 -> relay.pongs(client.outlet);
            case 1 ->
            {
                if (client.outlet.mayWait() && !client.isCongested)
                {
                    seen[Seen.CONGESTION.ordinal()]++;
                    client.isCongested = true;
                    relay.parts.loops[0].onCongested(client.outlet);
                }
            }
            default -> drain(client);
        }
    }

    private void drain(final Client client)
    {
        if (client.isCongested)
        {
            client.isCongested = false;
            relay.parts.loops[0].onDrained(client.outlet, relay.nowNs);
        }
    }

    @Override
    void readClients()
    {
        clients.forEach(Client::read);
    }

    @Override
    boolean mayFail(final String method, final String params)
    {
        return method.matches("eth_getLogs|eth_getBlockByNumber") && !params.contains("latest");
    }

    @Override
    boolean isSilent()
    {
        final boolean isSilent = random.nextBoolean();
        seen[Seen.SILENCE.ordinal()] += isSilent ? 1 : 0;
        return isSilent;
    }

    /** A page of several blocks is long; few of one block are, since the histories keep those. */
    @Override
    String padded(final String answer)
    {
        if (!hasLongAnswers || !answer.contains("logIndex"))
        {
            return answer;
        }
        final boolean isOfBlocks = answer.indexOf("logIndex\":\"0x0") != answer.lastIndexOf("logIndex\":\"0x0");
        final String padding = isOfBlocks ? LONG_PADDING : random.nextInt(20) == 0 ? SHORT_PADDING : "";
        return answer.substring(0, answer.length() - 1) + padding + ']';
    }

    @Override
    void onAnswered(final String answer)
    {
        seen[Seen.REFUSAL.ordinal()] += answer.startsWith("\"error") ? 1 : 0;
    }

    @Override
    void onLaneLost()
    {
        seen[Seen.LOSS_OF_A_LANE.ordinal()]++;
    }

    /** Sometimes the chain comes back to where it was. */
    private void fork()
    {
        seen[Seen.REORG.ordinal()]++;
        final boolean isBack = fork(
            LIMIT_DEPTH, left -> random.nextBoolean() ? left + 1 : 1 + random.nextInt(left + 1), true);
        seen[Seen.RETURN.ordinal()] += isBack ? 1 : 0;
    }

    private List<String> heads(final long from)
    {
        final List<String> heads = new ArrayList<>();
        for (long number = from; number <= chain.tip.number(); number++)
        {
            heads.add(chain.at(number).head());
        }
        return heads;
    }

    private static String shown(final Collection<String> items)
    {
        return items.stream().map(item -> item.replaceAll(".*umber\":\"(\\w+)\".*ash\":\"0x(....).*", "$1#$2") +
            item.replaceAll("\\{[^I]*(Index\":\"0x(.+)\",.*)?}", ".$2")).toList().toString();
    }

    private static long place(final String log)
    {
        return Long.decode(PastChain.member(log, "blockNumber")) * 1_000 +
            Long.decode(PastChain.member(log, "logIndex"));
    }
}

package io.ringcast.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients with a session that ask for logs from an old block on, read as they like, and lose their connections with
 * what is on its way, over a chain that forks; upstreams fail, go and come back.
 * Confined to the test's thread; decided by its seed.
 */
final class SessionPastTraffic extends ChainTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        ITEM,
        REMOVED,
        REORG,
        BREAK,
        LOST_ON_THE_WAY,
        AGAIN,
        WHOLE_BLOCK,
        /** What a client had from an earlier connection was taken back on a later one. */
        REMOVED_OF_BEFORE,
        GAP
    }

    private static final Pattern ITEM = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*?}|null)(,\"relay\":.*)?}}");
    private static final int LIMIT_DEPTH = 12;
    private static final int LIMIT_CLIENTS = 4;

    /** One client over all its connections. */
    private final class Client
    {
        private final String token;
        private final String subscribe;
        private final long from;
        private final boolean isAll;
        /** What it has, by place. */
        private final TreeMap<Long, String> had = new TreeMap<>();
        /** All that was ever sent to it, had or lost. */
        private final Set<String> sent = new HashSet<>();
        /** What came over this connection. */
        private final Set<String> fresh = new HashSet<>();
        private FakeOutlet outlet;

        Client(final int number, final long from, final boolean isAll, final boolean isInBlocks)
        {
            token = "relay.session=0123456789abcdef" + number;
            this.from = from;
            this.isAll = isAll;
            subscribe = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
                "{\"fromBlock\":\"0x" + Long.toHexString(from) + '"' +
                (isAll ? "" : ",\"address\":\"" + PastChain.ADDRESS + '"') + "},{\"relay\":{\"history\":true" +
                (isInBlocks ? ",\"stamps\":true,\"order\":\"block\"" : "") + "}}]}";
            seen[Seen.WHOLE_BLOCK.ordinal()] += isInBlocks ? 1 : 0;
        }

        void connect()
        {
            fresh.clear();
            outlet = relay.connect(token);
            relay.says(outlet, subscribe);
        }

        /** What is on its way does not come any more. */
        void lose()
        {
            seen[Seen.BREAK.ordinal()]++;
            for (final String text : outlet.received)
            {
                final Matcher item = ITEM.matcher(text);
                if (item.matches())
                {
                    seen[Seen.LOST_ON_THE_WAY.ordinal()]++;
                    sent.add(original(item.group(1)));
                }
            }
            relay.closes(outlet);
            outlet = null;
        }

        void read(final int texts)
        {
            for (int i = 0; outlet != null && i < texts && !outlet.received.isEmpty(); i++)
            {
                final String text = outlet.received.poll();
                final Matcher item = ITEM.matcher(text);
                if (FakeOutlet.PING.equals(text))
                {
                    relay.pongs(outlet, outlet.pingTokens.poll());
                }
                else if (item.matches() && !hasGap())
                {
                    onItem(item.group(1));
                }
                else if (text.contains("error"))
                {
                    throw new AssertionError(text);
                }
            }
        }

        private void onItem(final String item)
        {
            final long place = place(item);
            final String original = original(item);
            if (!item.equals(original))
            {
                onRemoved(place, original);
                return;
            }
            seen[Seen.ITEM.ordinal()]++;
            final Map.Entry<Long, String> last = had.lastEntry();
            if (last != null && place < last.getKey() && !leadsTo(original, last.getValue()) ||
                !original.equals(had.getOrDefault(place, original)))
            {
                throw new AssertionError(item + " replaces " + last.getValue() + ", which was not removed" + name());
            }
            seen[Seen.AGAIN.ordinal()] += had.containsKey(place) ? 1 : 0;
            had.put(place, original);
            sent.add(original);
            fresh.add(original);
        }

        private void onRemoved(final long place, final String original)
        {
            seen[Seen.REMOVED.ordinal()]++;
            if (original.equals(had.get(place)))
            {
                if (had.lastKey() != place)
                {
                    throw new AssertionError("removed " + original + " before " + had.lastEntry() + name());
                }
                had.remove(place);
                seen[Seen.REMOVED_OF_BEFORE.ordinal()] += fresh.remove(original) ? 0 : 1;
            }
            else if (!sent.contains(original) && chain.byHash(PastChain.member(original, "blockHash")) == null)
            {
                // What was on its way when a connection ended may be taken back without having been sent.
                throw new AssertionError("removed " + original + ", which never was told" + name());
            }
        }

        private boolean leadsTo(final String log, final String later)
        {
            final PastChain.Block wanted = chain.byHash(PastChain.member(log, "blockHash"));
            PastChain.Block block = chain.byHash(PastChain.member(later, "blockHash"));
            while (block.number() > wanted.number())
            {
                block = block.parent();
            }
            return block == wanted;
        }

        void check()
        {
            final List<String> wanted = chain.logs(from, Long.MAX_VALUE, isAll);
            if (!List.copyOf(had.values()).equals(wanted))
            {
                throw new AssertionError("want " + shown(wanted) + "\n got " + shown(had.values()) + name());
            }
        }

        private String name()
        {
            return " from " + from + (isAll ? " all " : " some ") + token + ' ' + subscribe.contains("order");
        }
    }

    private final long[] seen = new long[Seen.values().length];
    private final List<Client> clients = new ArrayList<>();

    SessionPastTraffic(final long seed)
    {
        this(seed, new Random(seed));
    }

    private SessionPastTraffic(final long seed, final Random random)
    {
        super(seed, random, new PastChain(random), timing -> { });
        begin(1 + random.nextInt(random.nextBoolean() ? 40 : 200));
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
        if (dice < 25)
        {
            tell(chain.grow());
        }
        else if (dice < 37)
        {
            seen[Seen.REORG.ordinal()]++;
            fork(LIMIT_DEPTH, left -> 1, true);
        }
        else if (dice < 40)
        {
            toggle();
        }
        else if (dice < 46 && clients.size() < LIMIT_CLIENTS)
        {
            final long from = Math.max(0, chain.tip.number() - random.nextInt(random.nextBoolean() ? 30 : 200));
            clients.add(new Client(clients.size(), from, random.nextBoolean(), random.nextInt(3) == 0));
        }
        else if (!clients.isEmpty())
        {
            act(clients.get(random.nextInt(clients.size())));
        }
        rest(6);
    }

    private void act(final Client client)
    {
        if (client.outlet == null)
        {
            seen[Seen.GAP.ordinal()] += hasGap() ? 1 : 0;
            client.connect();
        }
        else if (random.nextInt(5) == 0)
        {
            client.lose();
        }
        else
        {
            client.read(random.nextBoolean() ? 1_000_000 : random.nextInt(8));
        }
    }

    /** All come back, agree and answer; then everybody has the whole chain from its block on, and nothing else. */
    @Override
    public void finish()
    {
        endFailures();
        for (int i = 0; i < 3; i++)
        {
            tellSurely(chain.grow());
            settle(1_000);
            pass(STEP_NS);
        }
        for (int i = 0; i < 100; i++)
        {
            for (final Client client : clients)
            {
                if (client.outlet == null)
                {
                    client.connect();
                }
                client.read(Integer.MAX_VALUE);
            }
            pass(4 * STEP_NS);
        }
        if (hasGap())
        {
            seen[Seen.GAP.ordinal()]++;
            return;
        }
        clients.forEach(client -> client.read(Integer.MAX_VALUE));
        clients.forEach(Client::check);
        checkNoFault();
    }

    @Override
    void readClients()
    {
        // They read when they like.
    }

    @Override
    boolean mayFail(final String method, final String params)
    {
        return method.matches("eth_getLogs|eth_getBlockByNumber") && !params.contains("latest");
    }

    private static String shown(final Collection<String> logs)
    {
        return logs.stream().map(log -> PastChain.member(log, "blockNumber") + '#' +
            PastChain.member(log, "blockHash").substring(2, 6) + '.' + PastChain.member(log, "logIndex"))
            .toList().toString();
    }

    private static String original(final String item)
    {
        return item.replace("\"removed\":true", "\"removed\":false");
    }

    private static long place(final String log)
    {
        return Long.decode(PastChain.member(log, "blockNumber")) * 1_000 +
            Long.decode(PastChain.member(log, "logIndex"));
    }
}

package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients with a session that subscribe to logs and stay away for longer than the history reaches back, while the chain
 * forks.
 * Confined to the test's thread; decided by its seed.
 */
final class SessionRemovalTraffic extends ChainTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        ITEM,
        REMOVED,
        REORG,
        AWAY,
        LOST,
        /** A log that a client had was removed by an item that was no longer in the history. */
        REMOVED_AMID_LOST,
        WHOLE_BLOCK,
        CUT_OFF,
        GAP_TOLD
    }

    private static final int KEPT_ITEMS = 64;
    private static final int FEW_BYTES = 200_000;
    private static final int LIMIT_DEPTH = 12;
    private static final int LIMIT_CLIENTS = 5;
    private static final Pattern ITEM = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*?}),\"relay\":(\\{.*})}}");
    private static final Pattern DROPPED = Pattern.compile("\"dropped\":\\[(.*?)]");
    private static final List<String> ENDINGS =
        List.of("", "&relay=restore", "&relay=status", "&relay=restore,status");
    private static final List<String> OPTIONS = List.of("", "", ",\"lag\":{\"policy\":\"conflate\"}",
        ",\"lag\":{\"policy\":\"spill\"}", ",\"order\":\"block\"");

    /** One client over all its connections. */
    private final class Client
    {
        private final String token;
        private final String subscribe;
        private final String name;
        private final boolean isInBlocks;
        /** What it has; some of it may have come again. */
        private final Set<String> had = new HashSet<>();
        private FakeOutlet outlet;
        private boolean isCutOff;
        private boolean isSubscribed;
        private boolean hasProvedAll;

        Client(final int number)
        {
            final String options = OPTIONS.get(random.nextInt(OPTIONS.size()));
            isInBlocks = options.contains("order");
            token = "relay.session=0123456789abcdef" + number + ENDINGS.get(random.nextInt(ENDINGS.size()));
            subscribe = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\",{" +
                (random.nextBoolean() ? "" : "\"address\":\"" + PastChain.ADDRESS + '"') +
                "},{\"relay\":{\"stamps\":true" + options + "}}]}";
            name = " of " + token + ' ' + subscribe;
            seen[Seen.WHOLE_BLOCK.ordinal()] += isInBlocks ? 1 : 0;
        }

        void connect()
        {
            final FakeOutlet opened = relay.connect(token);
            opened.onCutOff = () -> isCutOff = true;
            outlet = opened;
            if (!token.contains("restore") || !isSubscribed)
            {
                relay.says(outlet, subscribe);
                isSubscribed = true;
            }
        }

        /** What is on its way does not come any more. */
        void lose()
        {
            seen[Seen.AWAY.ordinal()]++;
            relay.closes(outlet);
            relay.run();
            outlet = null;
        }

        /** It reads and answers until nothing is left, so it has proved all that it has. */
        void readAll()
        {
            for (int i = 0; i < 100 && outlet != null; i++)
            {
                read(Integer.MAX_VALUE);
                relay.tick(150_000_000L);
                relay.run();
            }
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
                    relay.run();
                }
                else if (item.matches() && !hasGap())
                {
                    forgetIfPassedOver(item.group(2));
                    onItem(item.group(1), item.group(2).contains("\"lost\""));
                    forgetDropped(item.group(2));
                }
                else if (text.contains("\"repair\":\"none\""))
                {
                    seen[Seen.GAP_TOLD.ordinal()]++;
                }
                else if (text.contains("error"))
                {
                    throw new AssertionError(text);
                }
            }
            if (isCutOff)
            {
                onCutOff();
            }
        }

        /** It is told that it can't be told all: what it has counts for nothing. */
        private void onCutOff()
        {
            seen[Seen.CUT_OFF.ordinal()]++;
            // Whole blocks are not kept for it, and who conflates may be closed for having been slow since.
            require(!hasProvedAll || isInBlocks || !isRoomy || subscribe.contains("conflate"),
                "closed, though it had shown that it has all");
            isCutOff = false;
            had.clear();
            hasProvedAll = false;
            lose();
        }

        private void onItem(final String item, final boolean isBehindLoss)
        {
            final String original = item.replace("\"removed\":true", "\"removed\":false");
            seen[Seen.LOST.ordinal()] += isBehindLoss ? 1 : 0;
            if (item.equals(original))
            {
                seen[Seen.ITEM.ordinal()]++;
                had.add(original);
            }
            else if (had.remove(original))
            {
                seen[Seen.REMOVED.ordinal()]++;
                seen[Seen.REMOVED_AMID_LOST.ordinal()] += isBehindLoss ? 1 : 0;
            }
        }

        /** Who is there, but slow, and asked for no more, is told what was passed over and nothing else. */
        private void forgetIfPassedOver(final String mark)
        {
            if (mark.contains("\"lost\"") && !mark.contains("\"r\":1") && subscribe.contains("spill"))
            {
                had.clear();
            }
        }

        /** In whole blocks a reorganisation names what was left, also where the removed logs are lost. */
        private void forgetDropped(final String mark)
        {
            final Matcher dropped = DROPPED.matcher(mark);
            if (dropped.find())
            {
                had.removeIf(log -> dropped.group(1).contains(PastChain.member(log, "blockHash")));
            }
        }

        void check()
        {
            final Set<String> wanted = new HashSet<>(chain.logs(0, Long.MAX_VALUE, true));
            had.forEach(log -> require(wanted.contains(log), log + " was left, and not removed"));
        }

        private void require(final boolean isTrue, final String what)
        {
            if (!isTrue)
            {
                throw new AssertionError(what + name);
            }
        }
    }

    private final long[] seen = new long[Seen.values().length];
    private final List<Client> clients = new ArrayList<>();
    private final boolean isRoomy;

    SessionRemovalTraffic(final long seed)
    {
        this(seed, new Random(seed));
    }

    private SessionRemovalTraffic(final long seed, final Random random)
    {
        super(seed, random, new PastChain(random), timing -> { }, DeliveryConfig.builder()
            .historyItems(KEPT_ITEMS).historyBytes(seed % 3 == 0 ? FEW_BYTES : DeliveryConfig.defaults().historyBytes())
            .sessionTtlMs(3_600_000).build());
        isRoomy = seed % 3 != 0;
        begin(1 + random.nextInt(40));
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
        if (dice < 45)
        {
            tell(chain.grow());
        }
        else if (dice < 60)
        {
            seen[Seen.REORG.ordinal()]++;
            fork(LIMIT_DEPTH, left -> 1, true);
        }
        else if (dice < 70 && clients.size() < LIMIT_CLIENTS)
        {
            clients.add(new Client(clients.size()));
        }
        else if (!clients.isEmpty())
        {
            act(clients.get(random.nextInt(clients.size())));
        }
        rest(20);
    }

    private void act(final Client client)
    {
        if (client.outlet == null)
        {
            client.connect();
        }
        else if (random.nextInt(3) == 0)
        {
            final boolean readsAll = random.nextInt(3) > 0;
            if (readsAll)
            {
                client.readAll();
            }
            if (client.outlet != null)
            {
                client.hasProvedAll = readsAll;
                client.lose();
            }
        }
        else
        {
            client.read(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(8));
        }
    }

    /** All come back: nobody has what is not on the chain. */
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
        for (int i = 0; i < 20; i++)
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
        if (!hasGap())
        {
            // What whole blocks have lost before they were whole is counted in each of them.
            final boolean isAllWhole = relay.count(RelayCounter.WHOLE_BLOCK_ITEMS_LOST) == 0;
            clients.stream().filter(client -> isAllWhole || !client.isInBlocks).forEach(Client::check);
            checkNoFault();
        }
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
}

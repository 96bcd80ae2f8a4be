package io.ringcast.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that want whole blocks, over a chain that forks and upstreams that lose, delay, go and come back. The heads
 * that a client was told say all that it should have been told: an oracle writes that down.
 * Confined to the test's thread; decided by its seed.
 */
final class OrderTraffic extends ChainTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        LOG,
        REMOVED,
        EMPTY,
        REORG,
        RETURN,
        RESUMPTION,
        GAP
    }

    private static final String ANY_BRACKET = " {*}";
    private static final String MAYBE_BRACKET = " {?}";
    private static final String BRACKET_START = " {\"depth\":";
    private static final int LIMIT_DEPTH = 5;
    private static final Pattern ITEM = Pattern.compile(
        ".*\"subscription\":\"(.*?)\",\"result\":(\\{.*}|null),\"relay\":(\\{.*})}}");
    private static final Pattern RESULT = Pattern.compile(".*\"id\":(\\d),\"result\":\"(.*?)\"}");
    private static final Pattern BRACKET = Pattern.compile(
        "\\{\"reorg\":(\\{\"depth\":.*?,\"added\":\\[\"(.*?)\".*?]}),(.*)");

    /** One connection with heads and logs. */
    private final class Client
    {
        final FakeOutlet outlet = relay.connect();
        final boolean isAll = random.nextBoolean();
        final List<String> told = new ArrayList<>();
        final List<PastChain.Block> heads = new ArrayList<>();
        String headsId;
        String heldBracket = "";

        Client()
        {
            outlet.hasBarrier = false;
            final String options = ",{\"relay\":{\"order\":\"block\",\"emptyBlocks\":true}}]}";
            relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"" +
                options);
            relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
                (isAll ? "{}" : "{\"address\":\"" + PastChain.ADDRESS + "\"}") + options);
        }

        void read()
        {
            for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
            {
                final Matcher item = ITEM.matcher(text);
                final Matcher granted = RESULT.matcher(text);
                if (granted.matches() && "1".equals(granted.group(1)))
                {
                    headsId = granted.group(2);
                }
                else if (item.matches())
                {
                    onItem(item.group(1).equals(headsId), item.group(2), item.group(3));
                }
                else if (text.contains("error"))
                {
                    throw new AssertionError(text);
                }
            }
        }

        private void onItem(final boolean isHead, final String item, final String mark)
        {
            if (isHead)
            {
                heads.add(chain.byHash(PastChain.member(item, "hash")));
            }
            seen[(item.contains("true") ? Seen.REMOVED : "null".equals(item) ? Seen.EMPTY : Seen.LOG).ordinal()]++;
            final Matcher bracket = BRACKET.matcher(mark);
            final boolean hasBracket = bracket.matches();
            seen[Seen.REORG.ordinal()] += hasBracket ? 1 : 0;
            final String own = hasBracket ?
                " " + bracket.group(1).replaceAll(",\"added.*", "") + " " + bracket.group(2) : "";
            if (item.contains("\"removed\":true") && !isKnown(item))
            {
                // Of a block before it came; others had it. The bracket is with the first, if there are several.
                heldBracket += own;
                return;
            }
            final String held = isHead ? "" : heldBracket;
            heldBracket = isHead ? heldBracket : "";
            told.add((isHead ? "head " : "log ") + item + (hasBracket ? " {" + bracket.group(3) : " " + mark) + own +
                held);
        }

        private boolean isKnown(final String log)
        {
            return heads.contains(chain.byHash(PastChain.member(log, "blockHash")));
        }

        void check()
        {
            final List<String> wanted = new ArrayList<>();
            final Deque<PastChain.Block> state = new ArrayDeque<>();
            // Both begin with the same block at the latest with the second that is told.
            final int from = firstOfLogs();
            // Without the chain's later visits to the same blocks.
            final Set<PastChain.Block> beforeLogs = new HashSet<>();
            int start = 0;
            for (int i = 0; i < heads.size(); i++)
            {
                tell(heads.get(i), beforeLogs, state, wanted);
                if (i < from)
                {
                    beforeLogs.add(heads.get(i));
                    start = wanted.size();
                }
                else
                {
                    beforeLogs.remove(heads.get(i));
                }
            }
            final List<String> cut = told.subList(from, told.size());
            final List<String> end = wanted.subList(start, wanted.size());
            int at = 0;
            while (at < Math.min(cut.size(), end.size()) && isSame(end.get(at), cut.get(at)))
            {
                at++;
            }
            if (at < cut.size() || at < end.size())
            {
                throw new AssertionError("at " + at + " of " + cut.size() + " want " +
                    end.subList(at, Math.min(end.size(), at + 3)) + "\n got " +
                    cut.subList(at, Math.min(cut.size(), at + 3)));
            }
            if (!heads.isEmpty() && heads.get(heads.size() - 1) != chain.tip)
            {
                throw new AssertionError("ends with " + heads.get(heads.size() - 1) + " and not " + chain.tip);
            }
        }

        private static boolean isSame(final String wanted, final String got)
        {
            final String item = wanted.replace(ANY_BRACKET, "").replace(MAYBE_BRACKET, "");
            if (got.indexOf(BRACKET_START) != got.lastIndexOf(BRACKET_START))
            {
                return false;
            }
            return wanted.endsWith(ANY_BRACKET) ? got.startsWith(item + BRACKET_START) :
                got.equals(item) || wanted.endsWith(MAYBE_BRACKET) && got.startsWith(item + BRACKET_START);
        }

        /** The heads may begin a block earlier than the logs. */
        private int firstOfLogs()
        {
            int from = 0;
            while (from + 1 < told.size() && told.get(from).startsWith("head") && told.get(from + 1).startsWith("head"))
            {
                from++;
            }
            return from;
        }

        private void tell(
            final PastChain.Block head, final Set<PastChain.Block> beforeLogs,
            final Deque<PastChain.Block> state, final List<String> wanted)
        {
            final List<PastChain.Block> left = new ArrayList<>();
            while (!state.isEmpty() && state.peekLast() != head.parent())
            {
                left.add(state.pollLast());
            }
            final StringBuilder dropped = new StringBuilder();
            left.forEach(block -> dropped.insert(0, ",\"" + block.hash() + '"'));
            // Who began within what was left is told of all that was.
            String bracket = state.isEmpty() ? left.isEmpty() ? MAYBE_BRACKET : ANY_BRACKET : left.isEmpty() ? "" :
                " {\"depth\":" + left.size() + ",\"common\":\"0x" + Long.toHexString(head.number() - 1) +
                "\",\"dropped\":[" + dropped.substring(1) + "] " + head.hash();
            final String ofHead = bracket;
            bracket = !left.isEmpty() && beforeLogs.containsAll(left) ? MAYBE_BRACKET : bracket;
            for (final PastChain.Block block : left)
            {
                final List<String> logs = beforeLogs.contains(block) ? List.of() : logs(block);
                for (int i = logs.size() - 1; i >= 0; i--)
                {
                    wanted.add("log " + logs.get(i).replace("false", "true") +
                        mark(block, logs.size() - 1 - i, logs.size()) + bracket);
                    bracket = "";
                }
            }
            wanted.add("head " + head.head() + mark(head, 0, 1) + ofHead);
            final List<String> logs = logs(head);
            for (int i = 0; i < logs.size(); i++)
            {
                wanted.add("log " + logs.get(i) + mark(head, i, logs.size()) + bracket);
                bracket = "";
            }
            if (logs.isEmpty())
            {
                wanted.add("log null" + mark(head, 0, 0) + bracket);
            }
            state.addLast(head);
        }

        private List<String> logs(final PastChain.Block block)
        {
            return block.logs().stream().filter(log -> isAll || log.contains(PastChain.ADDRESS)).toList();
        }
    }

    private final long[] seen = new long[Seen.values().length];
    private final List<Client> clients = new ArrayList<>();
    private final List<ResumingOrderClient> resuming = new ArrayList<>();

    /** Its clients stay, or go and come back. */
    OrderTraffic(final long seed, final boolean isOfResuming)
    {
        this(seed, isOfResuming, new Random(seed));
    }

    private OrderTraffic(final long seed, final boolean isOfResuming, final Random random)
    {
        super(seed, random, new PastChain(random), timing ->
            timing.lingerMs(isOfResuming && random.nextBoolean() ? 400 : 60_000));
        begin(20);
        if (isOfResuming)
        {
            // Somebody else wants the same items as they come, so that they are kept.
            holdFeeds();
            for (int i = 0; i < 4; i++)
            {
                resuming.add(new ResumingOrderClient(relay, chain, random));
            }
        }
        else
        {
            clients.add(new Client());
        }
        settle(1_000);
    }

    private void holdFeeds()
    {
        final FakeOutlet holder = relay.connect();
        int id = 0;
        for (final String params : List.of("\"newHeads\"", "\"logs\",{}",
            "\"logs\",{\"address\":\"" + PastChain.ADDRESS + "\"}"))
        {
            relay.says(holder, "{\"jsonrpc\":\"2.0\",\"id\":" + ++id + ",\"method\":\"eth_subscribe\",\"params\":[" +
                params + "]}");
        }
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
        if (dice < 60)
        {
            tell(chain.grow());
        }
        else if (dice < 72)
        {
            seen[Seen.RETURN.ordinal()] += fork(LIMIT_DEPTH) ? 1 : 0;
        }
        else if (dice < 78)
        {
            toggle();
        }
        else if (!resuming.isEmpty())
        {
            act(resuming.get(random.nextInt(resuming.size())));
        }
        else if (dice < 81 && clients.size() < 5)
        {
            settle(1_000);
            clients.add(new Client());
        }
        else
        {
            clients.forEach(client -> relay.pongs(client.outlet));
        }
        rest(4);
    }

    private void act(final ResumingOrderClient client)
    {
        if (!client.isHere())
        {
            client.come();
        }
        else if (random.nextInt(3) == 0)
        {
            relay.run();
            client.leave();
        }
        else
        {
            client.act();
        }
    }

    /** All come back, agree and answer. */
    @Override
    public void finish()
    {
        endFailures();
        for (int i = 0; i < 4; i++)
        {
            tellSurely(chain.grow());
            settle(1_000);
            clients.forEach(client -> relay.pongs(client.outlet));
        }
        for (final ResumingOrderClient client : resuming)
        {
            if (!client.isHere())
            {
                client.come();
            }
        }
        for (int i = 0; i < 60; i++)
        {
            resuming.forEach(ResumingOrderClient::drain);
            pass(4 * STEP_NS);
        }
        if (hasGap())
        {
            seen[Seen.GAP.ordinal()]++;
            return;
        }
        clients.forEach(Client::check);
        resuming.forEach(ResumingOrderClient::check);
        resuming.forEach(client -> seen[Seen.RESUMPTION.ordinal()] += client.resumed);
        checkNoFault();
    }

    @Override
    void readClients()
    {
        clients.forEach(Client::read);
        for (final ResumingOrderClient client : resuming)
        {
            if (client.isHere() && random.nextInt(4) > 0)
            {
                client.read();
            }
        }
    }

    @Override
    void betweenItems()
    {
        settle(random.nextInt(2));
    }

    @Override
    boolean mayFail(final String method, final String params)
    {
        return "eth_getLogs".equals(method);
    }

    private static String mark(final PastChain.Block block, final int index, final int count)
    {
        return " {\"blk\":\"0x" + Long.toHexString(block.number()) + "\",\"i\":" + index + ",\"n\":" + count +
            ",\"end\":" + (index + 1 >= count) + '}';
    }
}

package io.ringcast.pipeline;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that want whole blocks, over a chain that forks and upstreams that lose, delay, go and come back. The heads
 * that a client was told say all that it should have been told: an oracle writes that down.
 * Confined to the test's thread; decided by its seed.
 */
final class OrderTraffic implements AutoCloseable
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

    private static final long STEP_NS = 400_000_000L;
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
                heads.add(chain.byHash(item.replaceAll(".*\"hash\":\"|\".*", "")));
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
            return heads.contains(chain.byHash(log.replaceAll(".*\"blockHash\":\"|\".*", "")));
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

    final long[] seen = new long[Seen.values().length];
    private final PastChain chain;
    private final Random random;
    private final FakeRelay relay;
    private final boolean[] isUp;
    private final List<Client> clients = new ArrayList<>();
    private final List<ResumingOrderClient> resuming = new ArrayList<>();
    private final Map<String, Integer> badAnswers = new HashMap<>();
    private boolean isFailing = true;
    private int unsettledBlocks;

    /** Its clients stay, or go and come back. */
    OrderTraffic(final long seed, final boolean isOfResuming)
    {
        random = new Random(seed);
        chain = new PastChain(random);
        final int laneCount = 1 + random.nextInt(3);
        final NetworkConfig.Builder network = NetworkConfig.builder();
        for (int i = 0; i < laneCount; i++)
        {
            network.upstream("ws://127.0.0.1:8546");
        }
        final RelayConfig.Builder config = RelayConfig.builder().ringSlots(1 << 12)
            .limits(LimitsConfig.builder().staleGaps(1_000).build())
            .timing(TimingConfig.builder().repairDeadlineMs(60_000)
                .lingerMs(isOfResuming && random.nextBoolean() ? 400 : 60_000).build());
        relay = seed % 4 == 0 ? FakeRelay.recorded(config, network) :
            new FakeRelay(config, network, ThreadingMode.INVOKER, parts -> { });
        isUp = new boolean[laneCount];
        for (int i = 0; i < 20; i++)
        {
            chain.grow();
        }
        for (int i = 0; i < laneCount; i++)
        {
            up(i);
        }
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

    void step()
    {
        final int dice = random.nextInt(100);
        if (dice < 60)
        {
            tell(chain.grow());
        }
        else if (dice < 72)
        {
            fork();
        }
        else if (dice < 78)
        {
            final int lane = random.nextInt(isUp.length);
            if (isUp[lane])
            {
                down(lane);
            }
            else
            {
                up(lane);
            }
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
        settle(random.nextInt(4) == 0 ? 1_000 : random.nextInt(4));
        if (random.nextInt(4) == 0)
        {
            pass(STEP_NS);
        }
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
    void finish()
    {
        isFailing = false;
        for (int i = 0; i < isUp.length; i++)
        {
            if (!isUp[i])
            {
                up(i);
            }
        }
        for (int i = 0; i < 4; i++)
        {
            final PastChain.Block block = chain.grow();
            for (int lane = 0; lane < isUp.length; lane++)
            {
                say(lane, block);
            }
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
        if (relay.count(RelayCounter.LOG_GAPS) + relay.count(RelayCounter.HEAD_GAPS) > 0)
        {
            seen[Seen.GAP.ordinal()]++;
            return;
        }
        clients.forEach(Client::check);
        resuming.forEach(ResumingOrderClient::check);
        resuming.forEach(client -> seen[Seen.RESUMPTION.ordinal()] += client.resumed);
        if (relay.count(RelayCounter.STAGE_FAILURES) + relay.count(RelayCounter.EGRESS_FAILURES) > 0)
        {
            throw new AssertionError("a stage failed");
        }
    }

    @Override
    public void close()
    {
        relay.close();
    }

    private void fork()
    {
        final long height = chain.tip.number();
        final PastChain.Block before = chain.tip;
        final int left = chain.goBack(1 + random.nextInt(LIMIT_DEPTH));
        final int added = 1 + random.nextInt(left + 1);
        for (int i = 0; i < added; i++)
        {
            tell(chain.grow());
        }
        if (random.nextInt(3) == 0)
        {
            seen[Seen.RETURN.ordinal()]++;
            chain.goBack(added);
            final Deque<PastChain.Block> way = new ArrayDeque<>();
            for (PastChain.Block block = before; block != chain.tip; block = block.parent())
            {
                way.addFirst(block);
            }
            way.forEach(block -> tell(chain.lead(block)));
        }
        while (chain.tip.number() <= height)
        {
            tell(chain.grow());
        }
    }

    private void tell(final PastChain.Block block)
    {
        if (++unsettledBlocks == 8)
        {
            unsettledBlocks = 0;
            settle(1_000);
        }
        for (int lane = 0; lane < isUp.length; lane++)
        {
            if (isUp[lane] && random.nextInt(8) > 0)
            {
                say(lane, block);
            }
        }
    }

    private void say(final int lane, final PastChain.Block block)
    {
        relay.nodeSays(lane, item("0xaa", block.head()));
        for (final String log : block.logs())
        {
            settle(random.nextInt(2));
            relay.nodeSays(lane, item("0xbb", log));
        }
        settle(random.nextInt(3));
    }

    private void up(final int lane)
    {
        isUp[lane] = true;
        relay.nodeUp(lane);
        settle(1_000);
    }

    private void down(final int lane)
    {
        isUp[lane] = false;
        relay.nodes.get(lane).received.clear();
        relay.nodeDown(lane);
        settle(0);
    }

    private void pass(final long passedNs)
    {
        relay.tick(passedNs);
        settle(1_000);
    }

    private void settle(final int limitAnswers)
    {
        relay.run();
        int left = limitAnswers;
        boolean isProgress = true;
        while (isProgress)
        {
            isProgress = false;
            for (int lane = 0; lane < isUp.length; lane++)
            {
                final String call = left > 0 ? relay.nodes.get(lane).received.poll() : null;
                if (call != null)
                {
                    left--;
                    answer(lane, call);
                    relay.run();
                    isProgress = true;
                }
            }
        }
        clients.forEach(Client::read);
        for (final ResumingOrderClient client : resuming)
        {
            if (client.isHere() && random.nextInt(4) > 0)
            {
                client.read();
            }
        }
    }

    private void answer(final int lane, final String text)
    {
        final Matcher call = PastChain.CALL.matcher(text);
        if (!call.matches())
        {
            throw new AssertionError("not a call: " + text);
        }
        final boolean isBad = isFailing && "eth_getLogs".equals(call.group(2)) && random.nextInt(6) == 0 &&
            badAnswers.merge(call.group(3), 1, Integer::sum) <= 2;
        final String answer = isBad ? PastChain.error("overloaded") : chain.answer(call.group(2), call.group(3));
        relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + call.group(1) + ',' + answer + '}');
    }

    private static String mark(final PastChain.Block block, final int index, final int count)
    {
        return " {\"blk\":\"0x" + Long.toHexString(block.number()) + "\",\"i\":" + index + ",\"n\":" + count +
            ",\"end\":" + (index + 1 >= count) + '}';
    }

    private static String item(final String token, final String item)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" + token +
            "\",\"result\":" + item + "}}";
    }
}

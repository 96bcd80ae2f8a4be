package io.ringcast.pipeline;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Filters that are polled at random over a chain that forks and upstreams that lose items, go and come back, beside a
 * plain model: the list of what a subscriber heard, and a place in it for each filter. Slow subscribers with stamps
 * come and go beside them. All of it is recorded, and its replay must send the same bytes.
 * Confined to the test's thread; decided by its seed.
 */
final class PolledTraffic implements SeededTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        ITEM,
        REMOVED,
        REORG,
        LOSS_OF_A_LANE,
        OUT_OF_RANGE,
        OVERRUN,
        EXPIRY,
        UNINSTALL,
        STALL
    }

    private static final int LIMIT_ITEMS = 40;
    private static final long IDLE_NS = 60_000_000_000L;
    private static final long STEP_NS = 400_000_000L;
    private static final Pattern CALL = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"id\":(\\d+),\"method\":\"(\\w+)\",\"params\":\\[(.*)]}");
    private static final Pattern RESULT = Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":(.*)}");
    private static final Pattern ITEM = Pattern.compile(".*\"params\":\\{\"subscription\":\"(.*?)\",\"result\":(.*)}}");
    private static final String[] LAGS = {"spill", "conflate", "dropOldest", "dropNew"};
    private static final String ADDRESS = "0x" + "a1".repeat(20);

    private record Block(long number, String hash, Block parent, List<String> logs)
    {
        String head()
        {
            return "{\"parentHash\":\"" + (parent == null ? hashOf(0) : parent.hash) + "\",\"logsBloom\":\"0x" +
                (logs.isEmpty() ? "00" : "10") + "\",\"number\":\"0x" + Long.toHexString(number) + "\",\"hash\":\"" +
                hash + "\"}";
        }
    }

    private final long[] seen = new long[Seen.values().length];
    private final Random random;
    private final FakeRelay relay;
    private final boolean[] isUp;
    private final Map<String, Block> blocks = new HashMap<>();
    private final List<String> heads = new ArrayList<>();
    private final List<String> logs = new ArrayList<>();
    private final List<ModelFilter> filters = new ArrayList<>();
    private final FakeOutlet watcher;
    private final FakeOutlet[] pollers;
    /** They fill up and drain; what each of them gets is another test's, that a replay says the same is this one's. */
    private final FakeOutlet[] slow = new FakeOutlet[LAGS.length];
    private final boolean[] isCongested = new boolean[LAGS.length];
    private String headsId;
    private Block tip;
    private int serial;

    PolledTraffic(final long seed)
    {
        random = new Random(seed);
        final int laneCount = 1 + random.nextInt(3);
        final NetworkConfig.Builder network = NetworkConfig.builder();
        for (int i = 0; i < laneCount; i++)
        {
            network.upstream("ws://127.0.0.1:8546");
        }
        relay = FakeRelay.recorded(
            RelayConfig.builder().ringSlots(1 << 12)
                .limits(LimitsConfig.builder().polledItems(LIMIT_ITEMS).staleGaps(1_000).build())
                .timing(TimingConfig.builder().filterIdleMs(IDLE_NS / 1_000_000).build()),
            network);
        relay.clockStepNs = 17;
        isUp = new boolean[laneCount];
        watcher = relay.connect();
        watcher.hasBarrier = false;
        pollers = new FakeOutlet[]{relay.connect(), relay.connect()};
        relay.says(watcher, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
        relay.says(watcher, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
            "{\"address\":\"" + ADDRESS + "\"}]}");
        for (int i = 0; i < laneCount; i++)
        {
            up(i);
        }
        grow(null);
        for (int i = 0; i < slow.length; i++)
        {
            join(i);
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
        if (dice < 45)
        {
            grow(tip);
        }
        else if (dice < 52)
        {
            fork();
        }
        else if (dice < 62)
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
        else if (dice < 72)
        {
            make();
        }
        else if (dice < 95 && !filters.isEmpty())
        {
            poll(filters.get(random.nextInt(filters.size())));
        }
        else if (dice < 96 && !filters.isEmpty())
        {
            uninstall(filters.remove(random.nextInt(filters.size())));
        }
        stall(random.nextInt(slow.length));
        pass(random.nextInt(60) == 0 ? IDLE_NS / 2 : STEP_NS);
    }

    /** All come back and agree; then everybody polls. */
    @Override
    public void finish()
    {
        for (int i = 0; i < isUp.length; i++)
        {
            if (!isUp[i])
            {
                up(i);
            }
        }
        for (int i = 0; i < 4; i++)
        {
            final Block block = add(tip);
            for (int lane = 0; lane < isUp.length; lane++)
            {
                say(lane, block);
            }
            pass(STEP_NS);
        }
        if (!heads.get(heads.size() - 1).equals('"' + tip.hash + '"'))
        {
            throw new AssertionError("the subscriber was not told of the tip");
        }
        new ArrayList<>(filters).forEach(this::poll);
        if (relay.count(RelayCounter.STAGE_FAILURES) > 0)
        {
            throw new AssertionError("a stage failed");
        }
    }

    @Override
    public void close()
    {
        relay.close();
    }

    private void grow(final Block parent)
    {
        tell(add(parent));
    }

    private void fork()
    {
        Block from = tip;
        final int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth && from.parent != null && from.parent.parent != null; i++)
        {
            from = from.parent;
        }
        final long height = tip.number;
        tip = from;
        seen[Seen.REORG.ordinal()]++;
        while (tip.number <= height)
        {
            tell(add(tip));
        }
    }

    private Block add(final Block parent)
    {
        final long number = parent == null ? 1 : parent.number + 1;
        final String hash = hashOf(++serial);
        final List<String> blockLogs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--)
        {
            blockLogs.add("{\"address\":\"" + (random.nextBoolean() ? ADDRESS : "0x" + "b2".repeat(20)) +
                "\",\"topics\":[],\"blockNumber\":\"0x" + Long.toHexString(number) + "\",\"blockHash\":\"" + hash +
                "\",\"logIndex\":\"0x" + Integer.toHexString(blockLogs.size()) + "\",\"removed\":false}");
        }
        tip = new Block(number, hash, parent, blockLogs);
        blocks.put(hash, tip);
        return tip;
    }

    private void tell(final Block block)
    {
        for (int lane = 0; lane < isUp.length; lane++)
        {
            if (isUp[lane] && random.nextInt(6) > 0)
            {
                say(lane, block);
            }
        }
    }

    private void say(final int lane, final Block block)
    {
        relay.nodeSays(lane, PastChain.item("0xaa", block.head()));
        settle();
        for (final String log : block.logs)
        {
            relay.nodeSays(lane, PastChain.item("0xbb", log));
            settle();
        }
    }

    private void up(final int lane)
    {
        isUp[lane] = true;
        relay.nodeUp(lane);
        settle();
    }

    private void down(final int lane)
    {
        isUp[lane] = false;
        relay.nodes.get(lane).received.clear();
        relay.nodeDown(lane);
        seen[Seen.LOSS_OF_A_LANE.ordinal()]++;
        settle();
    }

    private void join(final int index)
    {
        slow[index] = relay.connect();
        isCongested[index] = false;
        final String options = ",{\"relay\":{\"stamps\":true,\"lag\":{\"policy\":\"" + LAGS[index] + "\"}}}]}";
        relay.says(slow[index], "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"" +
            options);
        relay.says(slow[index], "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\",{}" +
            options);
        settle();
    }

    private void stall(final int index)
    {
        final int dice = random.nextInt(12);
        if (dice < 3 && slow[index].mayWait() && !isCongested[index])
        {
            isCongested[index] = true;
            relay.parts.loops[0].onCongested(slow[index]);
        }
        else if (dice < 8 && isCongested[index])
        {
            isCongested[index] = false;
            relay.parts.loops[0].onDrained(slow[index], relay.nowNs);
        }
        else if (dice == 8)
        {
            relay.closes(slow[index]);
            join(index);
        }
        else
        {
            relay.pongs(slow[index]);
        }
        seen[Seen.STALL.ordinal()] += isCongested[index] ? 1 : 0;
        settle();
        slow[index].received.clear();
    }

    private void make()
    {
        final boolean isOfHeads = random.nextBoolean();
        final long from = isOfHeads || random.nextBoolean() ? -1 : tip.number + random.nextInt(12) - 2;
        final long to = from < 0 || random.nextBoolean() ? -1 : from + random.nextInt(20);
        final String range = (from < 0 ? "" : ",\"fromBlock\":\"0x" + Long.toHexString(from) + '"') +
            (to < 0 ? "" : ",\"toBlock\":\"0x" + Long.toHexString(to) + '"');
        final String answer = isOfHeads ? call("eth_newBlockFilter", "") :
            call("eth_newFilter", "{\"address\":\"" + ADDRESS + '"' + range + '}');
        if (!answer.matches("\\{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x[1-9a-f][0-9a-f]{31}\"}"))
        {
            throw new AssertionError("no filter: " + answer);
        }
        final String id = RESULT.matcher(answer).replaceAll("$1");
        filters.add(new ModelFilter(id, isOfHeads ? heads : logs, from, to, relay.nowNs));
    }

    private void poll(final ModelFilter filter)
    {
        final String heard = call("eth_getFilterChanges", filter.id);
        if (relay.nowNs - filter.usedAtNs >= IDLE_NS || filter.stream.size() - filter.position > LIMIT_ITEMS)
        {
            final boolean isOverrun = filter.stream.size() - filter.position > LIMIT_ITEMS;
            if (!heard.contains("\"error\":{\"code\":-32000,\"message\":\"filter not found"))
            {
                throw new AssertionError("the filter should be gone: " + heard);
            }
            seen[(isOverrun ? Seen.OVERRUN : Seen.EXPIRY).ordinal()]++;
            filters.remove(filter);
            return;
        }
        final List<String> expected = new ArrayList<>();
        for (final String item : filter.stream.subList(filter.position, filter.stream.size()))
        {
            if (filter.isWanted(item))
            {
                expected.add(item);
                seen[(item.contains("true") ? Seen.REMOVED : Seen.ITEM).ordinal()]++;
            }
            else
            {
                seen[Seen.OUT_OF_RANGE.ordinal()]++;
            }
        }
        final String wanted = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[" + String.join(",", expected) + "]}";
        if (!heard.equals(wanted))
        {
            throw new AssertionError("want " + wanted + "\n got " + heard);
        }
        filter.position = filter.stream.size();
        filter.usedAtNs = relay.nowNs;
    }

    private void uninstall(final ModelFilter filter)
    {
        final boolean isGone = relay.nowNs - filter.usedAtNs >= IDLE_NS;
        final String answer = call("eth_uninstallFilter", filter.id);
        if (!answer.equals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + !isGone + '}'))
        {
            throw new AssertionError("uninstalled: " + answer);
        }
        seen[Seen.UNINSTALL.ordinal()]++;
    }

    /** Any of the connections will do. */
    private String call(final String method, final String params)
    {
        final FakeOutlet poller = pollers[random.nextInt(pollers.length)];
        relay.says(poller, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":[" + params + "]}");
        settle();
        final String answer = poller.received.poll();
        if (answer == null || !poller.received.isEmpty())
        {
            throw new AssertionError("not one answer to " + method + ": " + answer + poller.received);
        }
        return answer;
    }

    private void pass(final long passedNs)
    {
        for (long left = passedNs; left > 0; left -= STEP_NS)
        {
            relay.tick(Math.min(left, STEP_NS));
            settle();
        }
    }

    /** Lets the relay and the nodes talk until nobody has anything to say. */
    private void settle()
    {
        boolean isProgress = true;
        while (isProgress)
        {
            relay.run();
            isProgress = false;
            for (int lane = 0; lane < isUp.length; lane++)
            {
                String call = relay.nodes.get(lane).received.poll();
                while (call != null)
                {
                    relay.nodeSays(lane, answer(call));
                    isProgress = true;
                    call = relay.nodes.get(lane).received.poll();
                }
            }
        }
        for (String text = watcher.received.poll(); text != null; text = watcher.received.poll())
        {
            final Matcher item = ITEM.matcher(text);
            final Matcher granted = RESULT.matcher(text);
            if (granted.matches())
            {
                headsId = granted.group(1).replace("\"", "");
            }
            else if (item.matches() && item.group(1).equals(headsId))
            {
                heads.add(item.group(2).replaceAll(".*\"hash\":(\".*?\").*", "$1"));
            }
            else if (item.matches())
            {
                logs.add(item.group(2));
            }
        }
    }

    private String answer(final String text)
    {
        final Matcher call = CALL.matcher(text);
        if (!call.matches())
        {
            throw new AssertionError("not a call: " + text);
        }
        final String params = call.group(3);
        final String result;
        switch (call.group(2))
        {
            case "eth_subscribe":
                result = params.contains("newHeads") ? "\"0xaa\"" : "\"0xbb\"";
                break;

            case "eth_unsubscribe":
                result = "true";
                break;

            case "eth_getLogs":
                final Block block = blocks.get(params.replaceAll(".*\"blockHash\":\"(.*?)\".*", "$1"));
                result = block == null ? "null" : '[' + String.join(",", block.logs) + ']';
                break;

            default:
                result = block(params);
                break;
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":" + call.group(1) + ",\"result\":" + result + '}';
    }

    private String block(final String params)
    {
        final String wanted = params.replaceAll("\"(.*?)\".*", "$1");
        Block block = wanted.length() == 66 ? blocks.get(wanted) : tip;
        while (block != null && wanted.length() < 66 && wanted.startsWith("0x") && block.number != Long.decode(wanted))
        {
            block = block.parent;
        }
        return block == null ? "null" : block.head();
    }

    private static String hashOf(final int serial)
    {
        return "0x" + String.format("%016x", serial * 0x9E3779B97F4A7C15L) + "0".repeat(48);
    }
}

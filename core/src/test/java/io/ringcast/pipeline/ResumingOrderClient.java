package io.ringcast.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client with one subscription to whole blocks that goes away in the midst of anything, comes back and says where it
 * was; it holds all that it is told, over all of its connections, against the chain.
 * Confined to the test's thread.
 */
final class ResumingOrderClient
{
    private static final Pattern ITEM = Pattern.compile(
        ".*\"result\":(\\{.*}|null),\"relay\":\\{(.*)\"blk\":\"(.*?)\",\"i\":(\\d+),\"n\":(\\d+),\"end\":(\\w+)}?.*");
    private static final Pattern POSITION = Pattern.compile("\"e\":\"(.*?)\",\"q\":(\\d+),\"c\":\"(.*?)\".*");

    private final FakeRelay relay;
    private final PastChain chain;
    private final Random random;
    private final boolean isAll;
    private final boolean isOfHeads;
    private final boolean isPatient;
    private final boolean wantsEmpty;
    /** What it has been told, as far as it has not been taken back. */
    private final Deque<String> state = new ArrayDeque<>();
    private final Set<String> toldBlocks = new HashSet<>();
    private FakeOutlet outlet;
    private boolean isCongested;
    private String epoch;
    private String number;
    private String cursor;
    private boolean wasRemoval;
    private long lowest = Long.MAX_VALUE;
    /** How often it went on where it was. */
    long resumed;

    ResumingOrderClient(final FakeRelay relay, final PastChain chain, final Random random)
    {
        this.relay = relay;
        this.chain = chain;
        this.random = random;
        isAll = random.nextBoolean();
        isOfHeads = random.nextInt(3) == 0;
        isPatient = random.nextBoolean();
        wantsEmpty = random.nextBoolean();
    }

    boolean isHere()
    {
        return outlet != null;
    }

    void come()
    {
        outlet = relay.connect();
        outlet.hasBarrier = random.nextBoolean();
        isCongested = false;
        final String filter = isOfHeads ? "" : isAll ? ",{}" : ",{\"address\":\"" + PastChain.ADDRESS + "\"}";
        relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"" +
            (isOfHeads ? "newHeads" : "logs") + '"' + filter + ",{\"relay\":{\"order\":\"block\",\"stamps\":true" +
            (wantsEmpty ? ",\"emptyBlocks\":true" : "") + (isPatient ? ",\"lag\":{\"policy\":\"spill\"}" : "") +
            resume() + "}}]}");
    }

    private String resume()
    {
        if (number == null)
        {
            return "";
        }
        resumed++;
        final String byNumber = "\"e\":\"" + epoch + "\",\"q\":" + number;
        final String byPlace = "\"c\":\"" + cursor + '"';
        // A removal has the place of what it removes.
        final int form = wasRemoval ? 0 : random.nextInt(3);
        return ",\"resume\":{" +
            (form == 0 ? byNumber : form == 1 ? byPlace : byNumber + ',' + byPlace) + '}';
    }

    /** Goes away; some of what was on its way is lost. */
    void leave()
    {
        for (int left = random.nextInt(outlet.received.size() + 1); left > 0; left--)
        {
            take(outlet.received.poll());
        }
        relay.closes(outlet);
        outlet = null;
    }

    void act()
    {
        relay.pongs(outlet);
        if (!isCongested && isPatient && outlet.mayWait() && random.nextInt(3) == 0)
        {
            isCongested = true;
            relay.parts.loops[0].onCongested(outlet);
        }
        else
        {
            drain();
        }
    }

    void drain()
    {
        relay.pongs(outlet);
        if (isCongested)
        {
            isCongested = false;
            relay.parts.loops[0].onDrained(outlet, relay.nowNs);
        }
    }

    void read()
    {
        for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
        {
            take(text);
        }
    }

    private void take(final String text)
    {
        final Matcher item = ITEM.matcher(text);
        if (item.matches())
        {
            final Matcher position = POSITION.matcher(item.group(2));
            final boolean hasPosition = position.find();
            onItem(item.group(1), Long.decode(item.group(3)), Integer.parseInt(item.group(4)),
                Integer.parseInt(item.group(5)), item.group(2).contains("\"reorg\""));
            require(Boolean.parseBoolean(item.group(6)) == (Integer.parseInt(item.group(4)) + 1 >=
                Integer.parseInt(item.group(5))), text);
            if (hasPosition)
            {
                epoch = position.group(1);
                number = position.group(2);
                cursor = position.group(3);
                wasRemoval = text.contains("\"removed\":true");
            }
        }
        else
        {
            require(!text.contains("error") && !text.contains("eth_subscription"), text);
        }
    }

    private void onItem(
        final String item, final long block, final int index, final int count, final boolean hasBracket)
    {
        if ("null".equals(item))
        {
            require(wantsEmpty && index == 0 && count == 0, item);
        }
        else if (item.contains("\"removed\":true"))
        {
            onRemoval(item, hasBracket);
        }
        else if (isOfHeads)
        {
            onHead(item, hasBracket);
            lowest = Math.min(lowest, block);
        }
        else
        {
            onLog(item, index, count);
            lowest = Math.min(lowest, block);
        }
    }

    private void onRemoval(final String item, final boolean hasBracket)
    {
        final String original = item.replace("\"removed\":true", "\"removed\":false");
        if (!original.equals(state.peekLast()))
        {
            // Of a block before it came; others had it.
            require(!toldBlocks.contains(PastChain.member(item, "blockHash")), item);
            return;
        }
        require(hasBracket || wasRemoval, "no bracket: " + item);
        state.pollLast();
    }

    private void onHead(final String head, final boolean hasBracket)
    {
        boolean isReorg = false;
        final String parent = PastChain.member(head, "parentHash");
        while (!state.isEmpty() && !PastChain.member(state.peekLast(), "hash").equals(parent))
        {
            state.pollLast();
            isReorg = true;
        }
        require(!isReorg || hasBracket, "no bracket: " + head);
        state.addLast(head);
    }

    private void onLog(final String log, final int index, final int count)
    {
        final PastChain.Block block = chain.byHash(PastChain.member(log, "blockHash"));
        final List<String> logs = block.logs().stream().filter(of -> isAll || of.contains(PastChain.ADDRESS)).toList();
        require(count == logs.size() && log.equals(logs.get(index)), index + " of " + count + ": " + log);
        require(state.isEmpty() || index > 0 ? index == 0 || logs.get(index - 1).equals(state.peekLast()) :
            Long.decode(PastChain.member(state.peekLast(), "blockNumber")) < block.number(),
            "behind " + state.peekLast() + ": " + log);
        toldBlocks.add(block.hash());
        state.addLast(log);
    }

    void check()
    {
        final List<String> wanted = isOfHeads ? chain.heads(lowest) : chain.logs(lowest, Long.MAX_VALUE, isAll);
        require(wanted.equals(List.copyOf(state)), "want " + wanted + "\n got " + state);
    }

    private void require(final boolean isTrue, final String message)
    {
        if (!isTrue)
        {
            throw new AssertionError((isOfHeads ? "heads " : isAll ? "all " : "some ") + number + ": " + message);
        }
    }
}

package io.ringcast.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A client of a session that wants whole blocks of heads and of two filters, loses its connection at any item, and
 * comes back without a word of where it was; beside it another one that stays. What each of its connections gets is a
 * piece of what that one gets: it begins no later than where the one before broke off, and behind what was proved.
 * Confined to the test's thread.
 */
final class ReturningOrderClient
{
    private static final String[] PARAMS = {
        "\"newHeads\"", "\"logs\",{}", "\"logs\",{\"address\":\"" + PastChain.ADDRESS + "\"}"};

    /** How far it has come in what the other one was told. */
    private static final class Progress
    {
        private int proved;
        private int end = -1;
    }

    private final FakeRelay relay;
    private final Random random;
    private final String token;
    private final boolean wantsEmpty;
    private final boolean restores;
    /** Whether some of its subscriptions come later than others, or not at all before it leaves again. */
    private final boolean isSlow;
    private final FakeOutlet witness;
    private final List<String> ids = new ArrayList<>();
    /** All that the other one was told. */
    private final List<String> told = new ArrayList<>();
    private final Map<String, Progress> progress = new HashMap<>();
    /** What this connection has got. */
    private final List<String> got = new ArrayList<>();
    /** How much of it was proved to have been read. */
    private int provedCount;
    private FakeOutlet outlet;
    /** The subscriptions that it has yet to come for. */
    private final List<Integer> missing = new ArrayList<>();
    /** Whether it came for all of them each time, and soon enough to be told them together. */
    private boolean isWhole = true;
    private long cameAtNs;
    /** How often it went on, and how often some of it came again. */
    int returns;
    int repeats;
    /** How often it broke off in the midst of what is taken back. */
    int brokenBrackets;

    ReturningOrderClient(final FakeRelay relay, final Random random, final int number)
    {
        this.relay = relay;
        this.random = random;
        token = "relay.session=0123456789abcde" + number;
        wantsEmpty = random.nextBoolean();
        restores = random.nextInt(3) == 0;
        isSlow = random.nextInt(3) == 0;
        witness = relay.connect();
        witness.hasBarrier = false;
        for (int i = 0; i < PARAMS.length; i++)
        {
            subscribe(witness, i);
        }
    }

    boolean isHere()
    {
        return outlet != null;
    }

    /** Comes for the first time, or back. */
    void come()
    {
        outlet = relay.connect(token + (restores ? "&relay=restore" : ""));
        got.clear();
        provedCount = 0;
        cameAtNs = relay.nowNs;
        final boolean isFirst = ids.isEmpty();
        missing.clear();
        if (isFirst || !restores)
        {
            missing.addAll(List.of(0, 1, 2));
            if (!isFirst && random.nextBoolean())
            {
                Collections.shuffle(missing, random);
            }
        }
        returns += isFirst ? 0 : 1;
        for (int left = isFirst || !isSlow ? missing.size() : random.nextInt(missing.size() + 1); left > 0; left--)
        {
            subscribe(outlet, missing.remove(0));
        }
        relay.run();
        if (isFirst)
        {
            // To know the ids.
            read(PARAMS.length + 1);
        }
    }

    private void subscribe(final FakeOutlet client, final int which)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":" + which + ",\"method\":\"eth_subscribe\",\"params\":[" +
            PARAMS[which] + ",{\"relay\":{\"order\":\"block\"" + (wantsEmpty ? ",\"emptyBlocks\":true" : "") + "}}]}");
    }

    /** Comes for one more of its subscriptions, or reads. */
    void act()
    {
        if (!missing.isEmpty() && random.nextBoolean())
        {
            // Who waits for so long that it may have been given up is not told all together.
            isWhole &= relay.nowNs - cameAtNs < 300_000_000L;
            cameAtNs = relay.nowNs;
            subscribe(outlet, missing.remove(0));
            relay.run();
        }
        else
        {
            read(random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(8));
        }
    }

    void readWitness()
    {
        for (String text = witness.received.poll(); text != null; text = witness.received.poll())
        {
            if (text.contains("\"method\""))
            {
                told.add(text);
            }
            else
            {
                require(text.contains("\"result\":\"0x"), text);
            }
        }
    }

    private void read(final int texts)
    {
        for (int i = 0; i < texts && !outlet.received.isEmpty(); i++)
        {
            final String text = outlet.received.poll();
            if (FakeOutlet.PING.equals(text))
            {
                pong();
            }
            else if (text.contains("\"method\""))
            {
                got.add(text);
            }
            else
            {
                require(text.contains("\"result\":\"0x"), text);
                final String id = text.replaceAll(".*\"result\":\"(0x[0-9a-f]+)\".*", "$1");
                if (ids.size() < PARAMS.length)
                {
                    ids.add(id);
                }
                require(ids.contains(id), "another id: " + text);
            }
        }
    }

    private void pong()
    {
        final Object before = outlet.readPositions();
        relay.pongs(outlet, outlet.pingTokens.poll());
        if (outlet.readPositions() != before)
        {
            provedCount = got.size();
        }
        relay.run();
    }

    /** Breaks off at any item; what it had not read by then is lost. */
    void leave()
    {
        read(random.nextInt(outlet.received.size() + 1));
        brokenBrackets += !got.isEmpty() && got.get(got.size() - 1).contains("\"removed\":true") ? 1 : 0;
        relay.closes(outlet);
        relay.run();
        outlet = null;
        check();
    }

    /** Comes for all and reads all. */
    void catchUp()
    {
        if (outlet == null)
        {
            come();
        }
        while (!missing.isEmpty())
        {
            isWhole &= relay.nowNs - cameAtNs < 300_000_000L;
            subscribe(outlet, missing.remove(0));
        }
        relay.run();
        read(Integer.MAX_VALUE);
    }

    void finish()
    {
        read(Integer.MAX_VALUE);
        check();
        progress.forEach((name, reached) -> require(
            reached.end == pieces(told, name).size(), name + " ends at " + reached.end + " of " +
                pieces(told, name).size()));
    }

    private void check()
    {
        readWitness();
        for (final String id : ids)
        {
            check(id, missing.isEmpty() || got.stream().anyMatch(text -> text.contains(id)));
        }
        isWhole &= missing.isEmpty();
        if (isWhole)
        {
            check("", true);
        }
        else
        {
            progress.remove("");
        }
    }

    private void check(final String name, final boolean isSubscribed)
    {
        final List<String> wanted = pieces(told, name);
        final List<String> piece = pieces(got, name);
        final Progress reached = progress.computeIfAbsent(name, key -> new Progress());
        if (!isSubscribed || piece.isEmpty())
        {
            return;
        }
        final boolean isFirst = reached.end < 0;
        int first = -1;
        int last = -1;
        final int from = wantsEmpty || isFirst ? 0 : reached.proved;
        for (int start = from; start <= (isFirst ? wanted.size() : reached.end); start++)
        {
            if (start + piece.size() <= wanted.size() && wanted.subList(start, start + piece.size()).equals(piece))
            {
                first = first < 0 ? start : first;
                last = start;
            }
        }
        require(first >= 0, () -> describe(wanted, piece, reached, name));
        repeats += !isFirst && last < reached.end ? 1 : 0;
        reached.proved = Math.max(
            reached.proved, first + pieces(got.subList(0, provedCount), name).size());
        reached.end = Math.max(reached.end, last + piece.size());
    }

    private String describe(
        final List<String> wanted, final List<String> piece, final Progress reached, final String name)
    {
        int start = Math.max(0, reached.end);
        while (start > 0 && !wanted.subList(start, Math.min(wanted.size(), start + 1)).contains(piece.get(0)))
        {
            start--;
        }
        int same = 0;
        while (same < piece.size() && start + same < wanted.size() &&
            piece.get(same).equals(wanted.get(start + same)))
        {
            same++;
        }
        return "of '" + name + "' got " + piece.size() + " that are no piece from " + reached.proved + " to " +
            reached.end + ": the first is at " + start + ", " + same + " are the same, then\n got " +
            piece.subList(same, Math.min(piece.size(), same + 3)) + "\n for " +
            wanted.subList(Math.min(wanted.size(), start + same), Math.min(wanted.size(), start + same + 3));
    }

    /** Of one subscription, or of all: then without the marks of empty blocks, which may come again by themselves. */
    private static List<String> pieces(final List<String> texts, final String name)
    {
        return texts.stream().filter(text -> name.isEmpty() ? !text.contains("\"result\":null") : text.contains(name))
            .toList();
    }

    private void require(final boolean isTrue, final String message)
    {
        require(isTrue, () -> message);
    }

    private void require(final boolean isTrue, final java.util.function.Supplier<String> message)
    {
        if (!isTrue)
        {
            throw new AssertionError(token + (wantsEmpty ? " empty" : "") + (restores ? " restores" : "") +
                (isWhole ? " whole" : "") + ": " + message.get());
        }
    }
}

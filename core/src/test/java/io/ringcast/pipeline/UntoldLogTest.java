package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A log that a subscriber to whole blocks was not told with its block is not told to it as removed either: one that was
 * passed on before the first head, or came behind the end of its block.
 */
class UntoldLogTest
{
    private static final Pattern LOG = Pattern.compile(
        ".*\"blockHash\":\"0x(..).*\"logIndex\":\"0x(.)\",\"removed\":(\\w+)}(?:.*\"n\":(\\d+).*)?.*");
    private static final Pattern EMPTY = Pattern.compile(".*\"result\":null.*\"blk\":\"0x(\\w+)\".*");
    private static final long TICK_NS = 50_000_000L;

    private final PastChain chain = new PastChain(new Random(1));
    private final FakeRelay relay = new FakeRelay(RelayConfig.builder(), NetworkConfig.builder());
    private FakeOutlet plain;
    private FakeOutlet ordered;
    /** The node answers only this method; null if all. */
    private String answered;
    /** What the node says of a block's logs when it is asked; null if the truth, empty if nothing. */
    private String logs;

    @BeforeEach
    void subscribe()
    {
        IntStream.range(0, 5).forEach(i -> chain.grow());
        relay.nodeUp();
        answered = "eth_subscribe";
        plain = subscribe("");
        ordered = subscribe(",{\"relay\":{\"order\":\"block\",\"emptyBlocks\":true}}");
    }

    @AfterEach
    void close()
    {
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        relay.close();
    }

    @Test
    void shouldBeginBehindTheBlocksWhoseLogsCameBeforeTheFirstHead()
    {
        final PastChain.Block first = grow("11", 0);
        final PastChain.Block early = grow("22", 1);
        log(early, 0);
        answered = null;
        head(first);
        head(early);
        chain.goBack(1);
        say(grow("33", 0));
        say(grow("44", 1));

        assertEquals(List.of("+22:0", "-22:0", "+44:0"), told(plain));
        assertEquals(List.of("+44:0 of 1"), told(ordered));
    }

    @Test
    void shouldNotTakeBackALogThatCameBehindTheEndOfItsBlock()
    {
        final PastChain.Block block = tellInPart();
        log(block, 1);
        chain.goBack(1);
        say(grow("33", 0));
        say(grow("44", 1));

        assertEquals(List.of("+22:0", "+22:1", "-22:1", "-22:0", "+44:0"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "-22:0 of 1", "empty 6", "+44:0 of 1"), told(ordered));
    }

    @Test
    void shouldNotTakeItBackGivenThatAGapWasDeclared()
    {
        begin();
        logs = PastChain.error("overloaded");
        final PastChain.Block block = grow("22", 1);
        head(block);
        for (int i = 0; i < 100; i++)
        {
            relay.tick(TICK_NS);
            settle();
        }
        assertEquals(1, relay.count(RelayCounter.LOG_GAPS));
        logs = null;
        log(block, 0);
        chain.goBack(1);
        say(grow("33", 0));
        say(grow("44", 1));

        assertEquals(List.of("+22:0", "-22:0", "+44:0"), told(plain));
        assertEquals(List.of("empty 5", "empty 6", "empty 6", "+44:0 of 1"), told(ordered));
    }

    /** The other branch is never whole, so that nobody is told of it. */
    @Test
    void shouldNotTakeItBackGivenThatTheChainHadLeftItAndComeBack()
    {
        final PastChain.Block block = tellInPart();
        chain.goBack(1);
        logs = "";
        head(grow("33", 1));
        log(block, 1);
        logs = null;
        chain.goBack(1);
        chain.lead(block);
        say(grow("44", 0));
        chain.goBack(2);
        say(grow("55", 0));
        say(grow("66", 0));

        assertEquals(List.of("+22:0", "-22:0", "+22:0", "+22:1", "-22:1", "-22:0"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "empty 7", "-22:0 of 1", "empty 6", "empty 7"), told(ordered));
    }

    @Test
    void shouldTellAllThatCameMeanwhileGivenThatItWasTakenBack()
    {
        final PastChain.Block block = tellInPart();
        chain.goBack(1);
        say(grow("33", 0));
        log(block, 1);
        chain.goBack(1);
        chain.lead(block);
        say(grow("44", 0));

        assertEquals(List.of("+22:0", "-22:0", "+22:0", "+22:1"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "-22:0 of 1", "empty 6", "+22:0 of 2", "+22:1 of 2", "empty 7"),
            told(ordered));
    }

    /** Both have begun, with a block without logs. */
    private void begin()
    {
        answered = null;
        head(chain.tip);
        say(grow("11", 0));
    }

    /** Of the two logs of a block the node leaves out one when it is asked. */
    private PastChain.Block tellInPart()
    {
        begin();
        final PastChain.Block block = grow("22", 2);
        logs = "\"result\":[" + block.logs().get(0) + ']';
        head(block);
        logs = null;
        log(block, 0);
        return block;
    }

    private PastChain.Block grow(final String digits, final int count)
    {
        final String hash = "0x" + digits.repeat(32);
        final long number = chain.tip.number() + 1;
        return chain.lead(new PastChain.Block(number, hash, chain.tip, IntStream.range(0, count).mapToObj(i ->
            "{\"address\":\"" + PastChain.ADDRESS + "\",\"topics\":[],\"blockNumber\":\"0x" +
            Long.toHexString(number) + "\",\"blockHash\":\"" + hash + "\",\"logIndex\":\"0x" + i +
            "\",\"removed\":false}").toList()));
    }

    private void say(final PastChain.Block block)
    {
        head(block);
        IntStream.range(0, block.logs().size()).forEach(index -> log(block, index));
    }

    private void head(final PastChain.Block block)
    {
        item("0xaa", block.head());
    }

    private void log(final PastChain.Block block, final int index)
    {
        item("0xbb", block.logs().get(index));
    }

    private void item(final String subscription, final String item)
    {
        relay.nodeSays("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" +
            subscription + "\",\"result\":" + item + "}}");
        settle();
    }

    private FakeOutlet subscribe(final String options)
    {
        final FakeOutlet client = relay.connect();
        client.hasBarrier = false;
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\",{}" +
            options + "]}");
        settle();
        client.received.clear();
        return client;
    }

    private void settle()
    {
        relay.run();
        for (String text = relay.node.received.poll(); text != null; text = relay.node.received.poll())
        {
            final Matcher call = PastChain.CALL.matcher(text);
            if (!call.matches() || answered != null && !answered.equals(call.group(2)))
            {
                continue;
            }
            final String answer = logs != null && "eth_getLogs".equals(call.group(2)) ? logs :
                chain.answer(call.group(2), call.group(3));
            if (!answer.isEmpty())
            {
                relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + call.group(1) + ',' + answer + '}');
                relay.run();
            }
        }
    }

    /** What a client was told, in short: {@code -22:0 of 1} is a removed log, the first of one of its block. */
    private static List<String> told(final FakeOutlet client)
    {
        final List<String> told = new ArrayList<>();
        for (final String text : client.received)
        {
            final Matcher log = LOG.matcher(text);
            final Matcher empty = EMPTY.matcher(text);
            if (log.matches())
            {
                told.add(("true".equals(log.group(3)) ? "-" : "+") + log.group(1) + ':' + log.group(2) +
                    (log.group(4) == null ? "" : " of " + log.group(4)));
            }
            else if (empty.matches())
            {
                told.add("empty " + empty.group(1));
            }
        }
        return told;
    }
}

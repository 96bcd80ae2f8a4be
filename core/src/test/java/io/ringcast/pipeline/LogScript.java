package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;

import org.junit.jupiter.api.AfterEach;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A relay over one node that says heads and logs as a test wants it, and what clients are told of the logs, in short.
 * Confined to the test's thread.
 */
abstract class LogScript
{
    private static final Pattern LOG = Pattern.compile(
        ".*\"blockHash\":\"0x(..).*\"logIndex\":\"0x(.)\",\"removed\":(\\w+)}(?:.*\"n\":(\\d+).*)?.*");
    private static final Pattern EMPTY = Pattern.compile(".*\"result\":null.*\"blk\":\"0x(\\w+)\".*");
    static final long TICK_NS = 50_000_000L;

    final PastChain chain = new PastChain(new Random(1));
    final FakeRelay relay;
    /** The node answers only this method; null if all. */
    String answered;
    /** What the node says of a block's logs when it is asked; null if the truth, empty if nothing. */
    String logs;

    LogScript()
    {
        this(RelayConfig.builder());
    }

    LogScript(final RelayConfig.Builder config)
    {
        relay = new FakeRelay(config, NetworkConfig.builder());
        IntStream.range(0, 5).forEach(i -> chain.grow());
        relay.nodeUp();
    }

    @AfterEach
    void close()
    {
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        relay.close();
    }

    PastChain.Block grow(final String digits, final int count)
    {
        final String hash = "0x" + digits.repeat(64 / digits.length());
        final long number = chain.tip.number() + 1;
        return chain.lead(new PastChain.Block(number, hash, chain.tip, IntStream.range(0, count).mapToObj(i ->
            "{\"address\":\"" + PastChain.ADDRESS + "\",\"topics\":[],\"blockNumber\":\"0x" +
            Long.toHexString(number) + "\",\"blockHash\":\"" + hash + "\",\"logIndex\":\"0x" + i +
            "\",\"removed\":false}").toList()));
    }

    void say(final PastChain.Block block)
    {
        head(block);
        IntStream.range(0, block.logs().size()).forEach(index -> log(block, index));
    }

    void head(final PastChain.Block block)
    {
        item("0xaa", block.head());
    }

    void log(final PastChain.Block block, final int index)
    {
        item("0xbb", block.logs().get(index));
    }

    void item(final String subscription, final String item)
    {
        relay.nodeSays(PastChain.item(subscription, item));
        settle();
    }

    FakeOutlet subscribe(final String options)
    {
        final FakeOutlet client = ask("\"logs\",{}" + options);
        client.received.clear();
        return client;
    }

    /** A client comes that subscribes; what it was told is kept, the answer included. */
    FakeOutlet ask(final String params)
    {
        final FakeOutlet client = relay.connect();
        client.hasBarrier = false;
        relay.says(client,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" + params + "]}");
        settle();
        return client;
    }

    /** So much time passes that what is held for the repair deadline is held no longer. */
    void passDeadline()
    {
        for (int i = 0; i < 5; i++)
        {
            relay.tick(TICK_NS);
            settle();
        }
    }

    void settle()
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

    /** What a client was told since it was asked last; {@code -22:0 of 1} is a removed log. */
    static List<String> told(final FakeOutlet client)
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
        client.received.clear();
        return told;
    }
}

package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.poll.FakeChain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An item's {@code rx} is the time of the read that brought the beginning of its text, whatever carries it. Between the
 * halves of a text there are items of a topic of the relay's own, whose stamps are by the same clock.
 */
class FirstReadIT
{
    private static final Pattern RX = Pattern.compile("\"rx\":\"(\\d+)\"");
    private static final Pattern PUB = Pattern.compile("\"pub\":\"(\\d+)\"");
    private static final String STAMPED = ",{\"relay\":{\"stamps\":true}}]";
    private static final String MARK =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"relay_publish\",\"params\":[\"mark\",1]}";
    private static final String ITEM = "{\"logsBloom\":\"0x" + "0".repeat(4_000) + "\"}";

    @ParameterizedTest
    @CsvSource({"WS, ONE_FRAME", "WS, FRAGMENTS", "WSS, ONE_FRAME", "IPC, ONE_FRAME"})
    void shouldTellWhenAPushedTextBegan(final FakeUpstream.Door door, final FakeUpstream.Shape shape)
        throws IOException
    {
        try (TestBed bed = start(FakeUpstream.start(door)))
        {
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"" + STAMPED);
            bed.upstream().shape(shape);

            assertBeganBeforeTheMarks(client,
                bed.upstream().session().publishHalf("newHeads", ITEM));
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP", "WS", "IPC"})
    void shouldTellWhenAPolledAnswerBegan(final FakeUpstream.Door door) throws Exception
    {
        final FakeChain chain = new FakeChain(120, 0);
        final FakeUpstream node = FakeUpstream.start(door);
        node.serve(chain);
        try (TestBed bed = start(node))
        {
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"" + STAMPED);
            // Since the end of the first poll it follows the chain.
            bed.awaitCount(RelayCounter.POLLS, 2);
            final FakeChain.Block first = chain.mine(0);
            assertTrue(client.readText().contains(first.hash()));

            final BlockingQueue<FakeSession.TextInHalves> begun = new LinkedBlockingQueue<>();
            final String wanted = "0x" + Long.toHexString(first.number() + 1);
            node.on("eth_getBlockByNumber", call ->
            {
                final String result = chain.answer("eth_getBlockByNumber", call.params());
                if (call.params().contains(wanted))
                {
                    begun.add(call.session().sendHalf(
                        "{\"jsonrpc\":\"2.0\",\"id\":" + call.id() + ",\"result\":" + result + "}"));
                }
                else
                {
                    call.answer(result);
                }
            });
            chain.mine(0);
            final FakeSession.TextInHalves answer = begun.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
            assertBeganBeforeTheMarks(client, answer);
        }
    }

    private static TestBed start(final FakeUpstream upstream) throws IOException
    {
        final TestBed bed = TestBed.start(
            new Mode(TransportChoice.AUTO, ThreadingChoice.COMPACT, 1), upstream, config ->
            {
                config.timing(config.timing().toBuilder().pollMinMs(5).pollMaxMs(20).build());
                config.networks().get(0).topics(OwnTopicsConfig.builder().publish(List.of("mark")).build());
            });
        bed.awaitUpstream();
        return bed;
    }

    /** The relay has one loop: when the second mark is read, what lay there before the first has been. */
    private static void assertBeganBeforeTheMarks(final RawClient client, final FakeSession.TextInHalves text)
        throws IOException
    {
        client.subscribe("[\"topic\",\"mark\"" + STAMPED);
        text.sent().syncUninterruptibly();
        String mark = "";
        for (int i = 0; i < 2; i++)
        {
            client.call(MARK);
            mark = client.readText();
        }
        text.rest().run();
        final String item = client.readText();

        assertTrue(time(RX, item) < time(PUB, mark), item + " began before " + mark);
        assertTrue(time(PUB, item) > time(PUB, mark), item + " was whole behind " + mark);
    }

    private static long time(final Pattern which, final String text)
    {
        final Matcher matcher = which.matcher(text);
        assertTrue(matcher.find(), text);
        return Long.parseLong(matcher.group(1));
    }
}

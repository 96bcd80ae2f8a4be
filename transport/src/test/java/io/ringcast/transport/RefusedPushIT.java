package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.poll.FakeChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;

/** An upstream with a socket that knows no subscriptions is polled over that socket. */
class RefusedPushIT
{
    private final FakeChain chain = new FakeChain(120, 0);
    private TestBed bed;
    private RawClient client;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = FakeUpstream.Door.class, names = {"WS", "WSS", "IPC"})
    void shouldPollWhatTheUpstreamDoesNotKnow(final FakeUpstream.Door door) throws IOException
    {
        start(door);
        final String heads = client.subscribe("[\"newHeads\"]");
        bed.awaitCount(RelayCounter.POLLS, 3);

        for (int i = 0; i < 5; i++)
        {
            final FakeChain.Block block = chain.mine(0);
            assertEquals(FakeUpstream.item(heads, block.header()), client.readText());
        }
        assertEquals(0, bed.count(RelayCounter.FEEDS_REFUSED));
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_UNKNOWN_IDS));
    }

    @ParameterizedTest
    @EnumSource(value = FakeUpstream.Door.class, names = {"WS", "IPC"})
    void shouldPollAgainAfterAReconnect(final FakeUpstream.Door door) throws IOException
    {
        start(door);
        final String heads = client.subscribe("[\"newHeads\"]");
        bed.awaitCount(RelayCounter.POLLS, 3);
        bed.upstream().session().reset();
        bed.awaitCount(RelayCounter.FEEDS_SUBSCRIBED, 2);
        bed.awaitCount(RelayCounter.POLLS, bed.count(RelayCounter.POLLS) + 3);

        final FakeChain.Block block = chain.mine(0);
        String text = client.readText();
        while (!text.contains(block.hash()))
        {
            text = client.readText();
        }
        assertEquals(FakeUpstream.item(heads, block.header()), text);
    }

    /** It may have room for a subscription later; heads are had meanwhile. */
    @ParameterizedTest
    @EnumSource(value = FakeUpstream.Door.class, names = {"WS", "IPC"})
    void shouldAskForHeadsThatAreRefusedForAnotherReason(final FakeUpstream.Door door) throws IOException
    {
        start(door);
        bed.upstream().on("eth_subscribe", call -> call.fail(-32005, "too many subscriptions"));
        final String heads = client.subscribe("[\"newHeads\"]");

        for (int i = 0; i < 5; i++)
        {
            final FakeChain.Block block = chain.mine(0);
            assertEquals(FakeUpstream.item(heads, block.header()), client.readText());
        }
        assertEquals(1, bed.count(RelayCounter.HEAD_LANES_REFUSING));
        assertEquals(0, bed.count(RelayCounter.POLLS), "the relay's loops know nothing of it");
    }

    @ParameterizedTest
    @EnumSource(value = FakeUpstream.Door.class, names = {"WS"})
    void shouldPassOtherRefusalsOn(final FakeUpstream.Door door) throws IOException
    {
        start(door);
        bed.upstream().on("eth_subscribe", call -> call.fail(-32005, "too many subscriptions"));

        final String answer =
            client.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\",{}]}");

        assertTrue(answer.contains("too many subscriptions"), answer);
        assertEquals(0, bed.count(RelayCounter.POLLS));
    }

    /** Networks that are not Ethereum's. */
    @ParameterizedTest
    @EnumSource(value = FakeUpstream.Door.class, names = {"WS"})
    void shouldPassTheRefusalOfHeadsOnThatCanNotBeHad(final FakeUpstream.Door door) throws IOException
    {
        start(door);
        bed.upstream().on("eth_subscribe", call -> call.fail(-32000, "no thanks"));
        bed.upstream().on("eth_getBlockByNumber", call -> call.fail(-32000, "never heard of it"));

        final String answer =
            client.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");

        assertTrue(answer.contains("no thanks"), answer);
        assertEquals(0, bed.count(RelayCounter.HEAD_LANES_REFUSING));
    }

    private void start(final FakeUpstream.Door door) throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start(door);
        upstream.serve(chain);
        bed = TestBed.start(Mode.USUAL, upstream, config -> config
            .timing(config.timing().toBuilder().pollMinMs(5).pollMaxMs(20).build()));
        bed.awaitUpstream();
        client = bed.client();
    }
}

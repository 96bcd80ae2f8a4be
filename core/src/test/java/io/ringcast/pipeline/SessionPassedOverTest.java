package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.DeliveryConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session comes back where nothing is kept any more, and goes again before it has read anything: whenever it reads at
 * last, it is told of all that was passed over.
 */
class SessionPassedOverTest extends SessionScript
{
    private static final int KEPT_ITEMS = 64;
    private static final String STAMPED = "[\"newHeads\",{\"relay\":{\"stamps\":true}}]";
    private static final String WHOLE = "[\"newHeads\",{\"relay\":{\"stamps\":true,\"order\":\"block\"}}]";

    private int lastHead;

    SessionPassedOverTest()
    {
        super(DeliveryConfig.builder().historyItems(KEPT_ITEMS));
    }

    @ParameterizedTest
    @ValueSource(strings = {STAMPED, WHOLE})
    void shouldTellOfAllThatWasPassedOverWhenItReadsAtLast(final String params)
    {
        readThreeAndGo(params);
        for (int visit = 0; visit < 3; visit++)
        {
            mine(3 * KEPT_ITEMS);
            final FakeOutlet hasty = relay.connect(TOKEN);
            subscribe(hasty, params);
            mine(visit * KEPT_ITEMS);
            relay.closes(hasty);
            relay.run();
        }

        assertAllIsTold(params);
    }

    /** What comes before its pong takes the place of the oldest that is kept, where it would have begun. */
    @ParameterizedTest
    @ValueSource(strings = {STAMPED, WHOLE})
    void shouldBeGivenWhatIsKeptThoughMoreComesBeforeItsPong(final String params)
    {
        readThreeAndGo(params);
        mine(3 * KEPT_ITEMS);

        assertAllIsTold(params);
    }

    /** The oldest that is kept is just what it wants, until more comes. */
    @ParameterizedTest
    @ValueSource(strings = {STAMPED, WHOLE})
    void shouldBeGivenWhatIsKeptThoughTheFirstIsLostBeforeItsPong(final String params)
    {
        readThreeAndGo(params);
        mine(KEPT_ITEMS);

        assertAllIsTold(params);
    }

    private void readThreeAndGo(final String params)
    {
        final FakeOutlet first = settled(TOKEN);
        subscribe(first, params);
        relay.pongs(first);
        mine(3);
        prove(first);
        assertEquals(3, ResumeTest.numbers(first).size());
        relay.closes(first);
    }

    private void assertAllIsTold(final String params)
    {
        final FakeOutlet client = relay.connect(TOKEN);
        client.onCutOff = () -> assertEquals("none", client.positions(','), "cut off");
        subscribe(client, params);
        mine(2);
        relay.pongs(client);
        mine(1);
        prove(client);

        final String item = client.received.stream().filter(text -> text.contains("\"lost\"")).findFirst().orElse("");
        final int told = (int)client.received.stream().filter(text -> text.contains("eth_subscription")).count();
        assertTrue(item.contains("\"lost\":{\"n\":" + (lastHead - 3 - told) + ",\"from\":4,"),
            () -> told + " told, of " + lastHead + ": " + client.received);
    }

    private void mine(final int count)
    {
        if (count > 0)
        {
            heads(lastHead + 1, lastHead + count);
            lastHead += count;
            relay.run();
        }
    }
}

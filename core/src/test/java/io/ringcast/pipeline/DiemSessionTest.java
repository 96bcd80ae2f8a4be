package io.ringcast.pipeline;

import io.ringcast.config.Dialect;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** A client that chooses its ids and says where it begins has no use for a session, and none that is in its way. */
class DiemSessionTest
{
    private static final String RESTORE = "relay.session=0123456789abcdef&relay=restore";

    private final FakeRelay relay =
        new FakeRelay(RelayConfig.builder(), NetworkConfig.builder().dialect(Dialect.DIEM));

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldSubscribeUnderTheIdThatItHadGivenTheTokenAgain()
    {
        relay.nodeUp();
        relay.run();
        final FakeOutlet first = relay.connect(RESTORE);
        subscribe(first, 5);
        final String id = relay.node.received.poll().replaceFirst("(?s).*\"id\":(\\d+),.*", "$1");
        nodeSays(id, "{\"status\":\"OK\",\"transaction_version\":5}");
        assertEquals(answer("{\"status\":\"OK\",\"transaction_version\":5}"), first.received.poll());
        nodeSays(id, "{\"version\":5}");
        relay.closes(first);
        nodeSays(id, "{\"version\":6}");

        final FakeOutlet second = relay.connect(RESTORE);
        relay.run();
        assertNull(second.received.poll());
        subscribe(second, 6);

        assertEquals(answer("{\"status\":\"OK\",\"transaction_version\":6}"), second.received.poll());
    }

    private void subscribe(final FakeOutlet client, final int version)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"subscribe_to_transactions\",\"params\":" +
            "{\"starting_version\":" + version + "}}");
        relay.run();
    }

    private void nodeSays(final String id, final String result)
    {
        relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
        relay.run();
    }

    private static String answer(final String result)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":" + result + "}";
    }
}

package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;

/** A relay that keeps sessions for a minute, and clients with the token of one. Confined to the test's thread. */
abstract class SessionScript
{
    static final String TOKEN = "relay.session=0123456789abcdef";
    static final String RESTORE = TOKEN + "&relay=restore";
    static final String HEADS = "[\"newHeads\"]";

    final FakeRelay relay;

    SessionScript()
    {
        this(DeliveryConfig.builder());
    }

    SessionScript(final DeliveryConfig.Builder delivery)
    {
        relay = relay(delivery.sessionTtlMs(60_000).build());
    }

    @AfterEach
    final void close()
    {
        relay.close();
    }

    final FakeOutlet settled(final String query)
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet client = relay.connect(query);
        relay.run();
        return client;
    }

    final String subscribe(final FakeOutlet client, final String params)
    {
        relay.says(client, call(1, "eth_subscribe", params));
        relay.run();
        if (client.received.isEmpty())
        {
            final String asked = relay.node.received.pollLast();
            relay.nodeSays(asked.replaceAll(",\"method\".*", ",\"result\":\"0xbb\"}"));
            relay.run();
        }
        return client.received.poll().replaceAll(".*\"result\":\"(0x[0-9a-f]+)\".*", "$1");
    }

    final String say(final FakeOutlet client, final String text)
    {
        relay.says(client, text);
        relay.run();
        return client.received.poll();
    }

    static String call(final int id, final String method, final String params)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    final void heads(final int first, final int last)
    {
        ResumeTest.heads(relay, first, last);
    }

    /** Answers all pings, also the one that asks how far it has read. */
    final void prove(final FakeOutlet client)
    {
        for (int i = 0; i < 3; i++)
        {
            relay.pongs(client);
            relay.run();
            relay.tick(100_000_000L);
            relay.run();
        }
    }

    static FakeRelay relay(final DeliveryConfig delivery)
    {
        return FakeRelay.recorded(RelayConfig.builder().delivery(delivery), NetworkConfig.builder());
    }
}

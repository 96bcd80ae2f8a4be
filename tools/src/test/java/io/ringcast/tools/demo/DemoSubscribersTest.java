package io.ringcast.tools.demo;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class DemoSubscribersTest
{
    @Test
    void shouldReceiveItemsWhenConnectedToAnyServer() throws IOException
    {
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
            DemoSubscribers subscribers = DemoSubscribers.connect(node.url(), 10))
        {
            while (subscribers.received() < 100)
            {
                node.mine(1);
            }

            assertTrue(node.notifications() >= subscribers.received());
        }
    }

    @Test
    void shouldSaySoWhenNobodyListens() throws IOException
    {
        final SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
        final URI url = node.url();
        node.close();

        assertThrows(IOException.class, () -> DemoSubscribers.connect(url, 1));
    }
}

package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What goes wrong before a proxy has said whom it speaks for. Confined to the test thread, which is the I/O loop. */
class ProxyHeaderTest
{
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NetworkRelay network = BareNetwork.on(channel.eventLoop());
    private final NetworkLoop loop = network.loops()[0];

    @BeforeEach
    void add()
    {
        // Without anything to ask, which is a bug.
        ProxyHeader.addTo(channel.pipeline(), null, loop);
    }

    @AfterEach
    void close()
    {
        channel.finishAndReleaseAll();
        network.closePipeline();
    }

    @Test
    void shouldCountABugOfItsOwnAndNoHeader()
    {
        read("PROXY TCP4 203.0.113.7 127.0.0.1 5000 443\r\n");

        assertFalse(channel.isOpen());
        assertEquals(1, count(RelayCounter.EGRESS_FAILURES));
        assertEquals(0, count(RelayCounter.PROXY_HEADERS_REFUSED));
    }

    @Test
    void shouldCountTheHeaderAndNoFaultGivenABrokenOne()
    {
        read("GET / HTTP/1.1\r\n");

        assertFalse(channel.isOpen());
        assertEquals(0, count(RelayCounter.EGRESS_FAILURES));
        assertEquals(1, count(RelayCounter.PROXY_HEADERS_REFUSED));
    }

    @Test
    void shouldCountNeitherGivenAPeerThatIsGone()
    {
        channel.pipeline().fireExceptionCaught(new IOException("connection reset"));

        assertFalse(channel.isOpen());
        assertEquals(0, count(RelayCounter.EGRESS_FAILURES));
        assertEquals(0, count(RelayCounter.PROXY_HEADERS_REFUSED));
    }

    private void read(final String text)
    {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private long count(final RelayCounter counter)
    {
        return loop.counters().get(counter);
    }
}

package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Compression on real sockets: agreed on only where it is wanted, and made once for all. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class DeflateIT
{
    private static final String OFFER = "permessage-deflate; client_max_window_bits";
    private static final String TAKEN = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final int MESSAGE_BYTES = 100_000;

    @Parameter
    private Mode mode;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldDeclineByDefault() throws IOException
    {
        bed = TestBed.start(mode);
        final RawClient client = bed.add(RawClient.open(bed.address()));

        assertNull(client.offerDeflate(OFFER));

        assertEquals(GoodClients.answer(1), client.call(GoodClients.call(1)));
        client.sendDeflated(GoodClients.call(1).getBytes(StandardCharsets.UTF_8));
        assertEquals(1002, client.readClose());
    }

    @Test
    void shouldGiveAllTheSameItemsAndCompressEachOncePerLoop() throws IOException
    {
        start();
        final RawClient plain = bed.client();
        final String id = plain.subscribe("[\"newHeads\"]");
        final List<RawClient> deflating = new ArrayList<>();
        for (int i = 0; i < 20; i++)
        {
            final RawClient client = bed.add(RawClient.open(bed.address()));
            assertEquals(TAKEN, client.offerDeflate(OFFER));
            assertEquals(id, client.subscribe("[\"newHeads\"]"));
            deflating.add(client);
        }
        final int items = 200;
        for (int i = 0; i < items; i++)
        {
            bed.upstream().publish("newHeads", head(i));
        }

        for (int i = 0; i < items; i++)
        {
            assertEquals(FakeUpstream.item(id, head(i)), plain.readText());
        }
        for (final RawClient client : deflating)
        {
            final long before = client.frameBytes();
            for (int i = 0; i < items; i++)
            {
                assertEquals(FakeUpstream.item(id, head(i)), client.readText());
            }
            assertTrue(client.frameBytes() - before < items * head(1).length() / 3, "they are hardly shorter");
            // Every tenth is short.
            assertEquals(items * 9 / 10, client.deflatedFrames());
        }
        final long compressed = bed.count(RelayCounter.FRAMES_DEFLATED);
        assertTrue(compressed <= (long)items * mode.ioThreads(), compressed + " for " + items + " items");
        bed.assertCount(RelayCounter.DEFLATED_CONNECTIONS, 20);
        assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldTakeCompressedCalls() throws IOException
    {
        start();
        final RawClient client = bed.add(RawClient.open(bed.address()));
        client.offerDeflate(OFFER);
        for (int i = 0; i < 50; i++)
        {
            client.sendDeflated(GoodClients.call(i).getBytes(StandardCharsets.UTF_8));
            client.sendText(GoodClients.call(i + 1_000));

            assertEquals(GoodClients.answer(i), client.readText());
            assertEquals(GoodClients.answer(i + 1_000), client.readText());
        }
    }

    /** It takes turns of its loop, and others are answered between and behind it. */
    @Test
    void shouldTakeLongCompressedCalls() throws IOException
    {
        start();
        final RawClient good = bed.client();
        final RawClient client = bed.add(RawClient.open(bed.address()));
        client.offerDeflate(OFFER);
        for (int i = 0; i < 20; i++)
        {
            client.sendDeflated((" ".repeat(MESSAGE_BYTES - 100) + GoodClients.call(i))
                .getBytes(StandardCharsets.UTF_8));
            client.sendText(GoodClients.call(i + 1_000));

            assertEquals(GoodClients.answer(i), good.call(GoodClients.call(i)));
            assertEquals(GoodClients.answer(i), client.readText());
            assertEquals(GoodClients.answer(i + 1_000), client.readText());
        }
        bed.assertCount(RelayCounter.INFLATION_TURNS, 20);
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
    }

    @Test
    void shouldCloseWith1009GivenABomb() throws IOException
    {
        start();
        final RawClient good = bed.client();
        for (int i = 0; i < 20; i++)
        {
            final RawClient client = bed.add(RawClient.open(bed.address()));
            client.offerDeflate(OFFER);
            client.sendDeflated(new byte[50 * MESSAGE_BYTES]);

            assertEquals(1009, client.readClose());
            assertEquals(GoodClients.answer(i), good.call(GoodClients.call(i)));
        }
        bed.assertCount(RelayCounter.CLOSED_VIOLATION, 20);
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
    }

    /** Slow readers keep parts of shared buffers while others go on. */
    @Test
    void shouldKeepEveryItemWholeGivenSlowReaders() throws IOException
    {
        start();
        final RawClient slow = bed.add(RawClient.connect(bed.address(), 4_096, OFFER));
        final String id = slow.subscribe("[\"newHeads\"]");
        final RawClient fast = bed.add(RawClient.open(bed.address()));
        fast.offerDeflate(OFFER);
        fast.subscribe("[\"newHeads\"]");
        final int items = 300;
        for (int i = 0; i < items; i++)
        {
            bed.upstream().publish("newHeads", head(i));
            assertEquals(FakeUpstream.item(id, head(i)), fast.readText());
        }
        for (int i = 0; i < items; i++)
        {
            assertEquals(FakeUpstream.item(id, head(i)), slow.readText());
        }
    }

    private void start() throws IOException
    {
        bed = TestBed.start(mode, config -> config
            .limits(config.limits().toBuilder().messageBytes(MESSAGE_BYTES).build())
            .doors(config.doors().toBuilder().deflateMinBytes(200).build()));
    }

    private static String head(final int i)
    {
        final String number = "{\"number\":\"0x" + Integer.toHexString(i) + "\"";
        return i % 10 == 0 ? number + "}" : number + ",\"logsBloom\":\"0x" + "00".repeat(500) + "\"}";
    }
}

package io.ringcast.transport;

import static io.ringcast.transport.RawClient.BINARY;
import static io.ringcast.transport.RawClient.CLOSE;
import static io.ringcast.transport.RawClient.CONTINUATION;
import static io.ringcast.transport.RawClient.FIN;
import static io.ringcast.transport.RawClient.PING;
import static io.ringcast.transport.RawClient.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Each way to end a connection: exactly one close frame with its code, and then the end. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class CloseCodesIT
{
    private static final int MESSAGE_BYTES = 4096;
    private static final byte[] CALL =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}".getBytes(StandardCharsets.UTF_8);

    @Parameter
    private Mode mode;
    private TestBed bed;

    @BeforeEach
    void start() throws IOException
    {
        bed = TestBed.start(mode, config -> config
            .limits(config.limits().toBuilder()
                .messageBytes(MESSAGE_BYTES)
                .writeBufferBytes(64 * 1024)
                .build())
            .timing(config.timing().toBuilder()
                .pingIdleMs(400)
                .pongTimeoutMs(600)
                .build()));
    }

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldCloseWith1002GivenAnUnmaskedFrame() throws IOException
    {
        final RawClient client = bed.client();
        final byte[] unmasked = new byte[CALL.length + 2];
        unmasked[0] = (byte)(FIN | TEXT);
        unmasked[1] = (byte)CALL.length;
        System.arraycopy(CALL, 0, unmasked, 2, CALL.length);

        client.send(unmasked);

        assertEquals(1002, client.readClose());
    }

    @Test
    void shouldCloseWith1002GivenAReservedBit() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | 0x40 | TEXT, CALL);

        assertEquals(1002, client.readClose());
    }

    @Test
    void shouldCloseWith1002GivenAReservedOpcode() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | 3, CALL);

        assertEquals(1002, client.readClose());
    }

    @Test
    void shouldCloseWith1002GivenAFragmentOfNothing() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | CONTINUATION, CALL);

        assertEquals(1002, client.readClose());
    }

    @Test
    void shouldCloseWith1002GivenAFragmentedPing() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(PING, new byte[0]);

        assertEquals(1002, client.readClose());
    }

    @Test
    void shouldCloseWith1007GivenTextThatIsNotUtf8() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | TEXT, new byte[]{'"', (byte)0xC3, '"'});

        assertEquals(1007, client.readClose());
    }

    @Test
    void shouldAnswerAParseErrorGivenBinaryThatIsNotUtf8() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | BINARY, new byte[]{'"', (byte)0xC3, '"'});

        final String answer = client.readText();
        assertTrue(answer.startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"), answer);
    }

    @Test
    void shouldCloseWith1009GivenAnAnnouncementThatIsTooBig() throws IOException
    {
        final RawClient client = bed.client();

        client.send(RawClient.announcement(FIN | TEXT, MESSAGE_BYTES + 1));

        assertEquals(1009, client.readClose());
    }

    @Test
    void shouldCloseWith1009GivenFragmentsThatAreTooBigTogether() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(TEXT, new byte[MESSAGE_BYTES / 2]);
        client.sendFrame(CONTINUATION, new byte[MESSAGE_BYTES / 2]);
        client.send(RawClient.announcement(CONTINUATION, 1));

        assertEquals(1009, client.readClose());
    }

    @Test
    void shouldAnswerWithTheSameCodeGivenAClose() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | CLOSE, new byte[]{(byte)(3000 >> 8), (byte)3000, 'b', 'y', 'e'});

        assertEquals(3000, client.readClose());
        bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 1);
    }

    @Test
    void shouldAnswerWithAnEmptyCloseGivenACloseWithoutCode() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | CLOSE, new byte[0]);

        final RawClient.Frame close = client.read();
        assertEquals(CLOSE, close.opcode());
        assertEquals(0, close.payload().length);
        client.assertEnd();
    }

    @Test
    void shouldPingAndThenCloseGivenAClientThatDoesNotAnswer() throws IOException
    {
        final RawClient client = bed.client();
        client.stopPonging();

        assertEquals(PING, client.read().opcode());

        final RawClient.Frame close = client.read();
        assertEquals(CLOSE, close.opcode());
        assertEquals(1011, close.closeCode());
        client.assertEnd();
        bed.assertCount(RelayCounter.CLOSED_NO_PONG, 1);
    }

    @Test
    void shouldKeepAnIdleClientGivenItsPongs() throws IOException
    {
        final RawClient client = bed.client();
        client.stopPonging();

        for (int i = 0; i < 3; i++)
        {
            final RawClient.Frame ping = client.read();
            assertEquals(PING, ping.opcode());
            client.sendFrame(FIN | RawClient.PONG, ping.payload());
        }

        assertEquals(0, bed.count(RelayCounter.CLOSED_NO_PONG));
    }

    @Test
    void shouldForgetAConnectionGivenItsEndInTheMiddleOfAMessage() throws IOException
    {
        final RawClient client = bed.client();
        client.send(RawClient.announcement(FIN | TEXT, 1000));
        client.sendFrame(0, new byte[100]);

        client.close();

        bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 1);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        assertEquals(0, bed.relay().server().unfinishedBytes());
    }

    @Test
    void shouldCloseOnlyTheSlowConsumerWith4008() throws IOException
    {
        final RawClient slow = bed.add(RawClient.connect(bed.address(), 4096));
        final RawClient fast = bed.client();
        slow.subscribe("[\"newHeads\"]");
        final String id = fast.subscribe("[\"newHeads\"]");
        final String padding = "x".repeat(60_000);
        final List<String> items = new ArrayList<>();

        int published = 0;
        while (bed.count(RelayCounter.CLOSED_SLOW) == 0)
        {
            final String item = "\"" + published++ + padding + '"';
            bed.upstream().publish("newHeads", item);
            assertEquals(FakeUpstream.item(id, item), fast.readText());
            items.add(item);
        }
        final String last = "\"last\"";
        bed.upstream().publish("newHeads", last);

        assertEquals(FakeUpstream.item(id, last), fast.readText());
        bed.assertCount(RelayCounter.CLOSED_SLOW, 1);
        assertEquals(4008, readItemsThenClose(slow, id, items));
        bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 1);
        TestBed.await("the socket", () -> bed.relay().server().socketCount() == 1);
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    /** What the slow client gets up to its close is whole, in order and without a gap. */
    private static int readItemsThenClose(final RawClient slow, final String id, final List<String> items)
        throws IOException
    {
        int read = 0;
        RawClient.Frame frame = slow.read();
        while (frame.opcode() == TEXT)
        {
            assertEquals(FakeUpstream.item(id, items.get(read++)), frame.text());
            frame = slow.read();
        }
        assertEquals(CLOSE, frame.opcode());
        slow.assertEnd();
        return frame.closeCode();
    }
}

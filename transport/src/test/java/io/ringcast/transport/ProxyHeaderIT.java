package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.AccessConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Connections that begin with a header of the PROXY protocol, or should. Confined to the test thread. */
class ProxyHeaderIT
{
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
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
    void shouldServeBehindEitherVersionWhereverItIsCut() throws IOException
    {
        start(access -> access);
        for (final byte[] header : List.of(
            ascii("PROXY TCP4 203.0.113.7 127.0.0.1 5000 443\r\n"),
            ascii("PROXY TCP6 2001:db8::7 ::1 5000 443\r\n"),
            ascii("PROXY UNKNOWN\r\n"),
            binary(0x21, 0x11, 12, 3), binary(0x21, 0x21, 36, 0), binary(0x20, 0x00, 0, 40)))
        {
            for (final int cut : List.of(0, 1, header.length - 1, header.length))
            {
                try (HttpTalk talk = HttpTalk.open(bed.address()))
                {
                    talk.send(Arrays.copyOf(header, cut));
                    final ByteArrayOutputStream rest = new ByteArrayOutputStream();
                    rest.write(header, cut, header.length - cut);
                    rest.writeBytes(ascii(REQUEST));
                    talk.send(rest.toByteArray());
                    assertEquals(200, talk.read().status());
                }
            }
        }
        assertEquals(0, bed.count(RelayCounter.PROXY_HEADERS_REFUSED));
    }

    @Test
    void shouldHangUpWithoutAWordGivenNoHeaderOrABrokenOne() throws IOException
    {
        start(access -> access);
        final List<byte[]> broken = List.of(
            ascii(REQUEST), ascii("PROXY TCP4 203.0.113.999 127.0.0.1 5000 443\r\n"),
            ascii("PROXY TCP4 203.0.113.7 127.0.0.1 99999 443\r\n"), ascii("PROXY TCP4 203.0.113.7\r\n"),
            ascii("PROXY " + "x".repeat(200)), binary(0x11, 0x11, 12, 0), binary(0x21, 0x11, 4, 0),
            binary(0x21, 0x11, 12, 60_000), binary(0x2f, 0x11, 12, 0));
        for (final byte[] header : broken)
        {
            try (HttpTalk talk = HttpTalk.open(bed.address()))
            {
                talk.send(header);
                assertTrue(talk.isEnded(), new String(header, StandardCharsets.ISO_8859_1));
            }
        }
        bed.assertCount(RelayCounter.PROXY_HEADERS_REFUSED, broken.size());
        assertEquals(0, bed.count(RelayCounter.HTTP_REQUESTS));
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
    }

    @Test
    void shouldTakeItForNoRequestGivenAnAddressThatIsNotTrusted() throws IOException
    {
        start(access -> access.proxyProtocol(List.of("192.0.2.0/24")));
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("PROXY TCP4 203.0.113.7 127.0.0.1 5000 443\r\n" + REQUEST);
            assertEquals(400, talk.read().status());
        }
        assertEquals(200, HttpTalk.get(bed.address(), "/").status());
        assertEquals(0, bed.count(RelayCounter.PROXY_HEADERS_REFUSED));
    }

    @Test
    void shouldCountConnectionsOfTheClientAndNotOfTheProxy() throws IOException
    {
        start(access -> access.set(AccessConfig.ACCEPTS_PER_SECOND, 1));
        int refused = 0;
        for (int i = 0; i < 10; i++)
        {
            refused += isServed("203.0.113.7") ? 0 : 1;
            assertTrue(isServed("198.51.100." + i));
        }
        assertTrue(refused >= 5, refused + " of 10");
        bed.assertCount(RelayCounter.ACCEPTS_REFUSED, refused);
    }

    private boolean isServed(final String client) throws IOException
    {
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("PROXY TCP4 " + client + " 127.0.0.1 5000 443\r\n");
            talk.sendAsFarAsTaken(REQUEST);
            return talk.readHead().status() == 200;
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    private void start(final UnaryOperator<AccessConfig.Builder> change) throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config -> config.access(
            change.apply(config.access().toBuilder().proxyProtocol(List.of("127.0.0.0/8"))).build()));
    }

    /** A header of version 2: addresses of zeros, and then as many bytes of what is not known. */
    private static byte[] binary(final int command, final int family, final int addressBytes, final int moreBytes)
    {
        final ByteBuffer header = ByteBuffer.allocate(16 + addressBytes + moreBytes);
        header.put(SIGNATURE).put((byte)command).put((byte)family).putShort((short)(addressBytes + moreBytes));
        header.position(16 + addressBytes);
        if (moreBytes >= 3)
        {
            header.put((byte)4).putShort((short)(moreBytes - 3));
        }
        return header.array();
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

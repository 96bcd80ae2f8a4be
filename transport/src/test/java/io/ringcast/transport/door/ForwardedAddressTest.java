package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import io.ringcast.config.AddressRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whom the relay takes for the client, and how often it may come. */
class ForwardedAddressTest
{
    private static final List<AddressRange> PROXIES =
        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
    {
        "x-forwarded-for | 203.0.113.7 | 203.0.113.7",
        "x-forwarded-for | 1.2.3.4, 203.0.113.7 | 203.0.113.7",
        "x-forwarded-for | 203.0.113.7, 10.0.0.2 | 203.0.113.7",
        "x-forwarded-for | 1.2.3.4, 10.9.9.9, 203.0.113.7, 10.0.0.2 | 203.0.113.7",
        "x-forwarded-for | 203.0.113.7:4711 | 203.0.113.7",
        "x-forwarded-for | 2001:db8::1 | 2001:db8::1",
        "x-forwarded-for | unknown | 10.0.0.1",
        "x-forwarded-for | localhost | 10.0.0.1",
        "x-forwarded-for | 203.0.113.7, garbage | 10.0.0.1",
        "forwarded | for=203.0.113.7;proto=https;by=10.0.0.1 | 203.0.113.7",
        "forwarded | for=1.2.3.4, for=\"[2001:db8::1]:4711\" | 2001:db8::1",
        "forwarded | proto=https;For=\"203.0.113.7:80\" | 203.0.113.7",
        "forwarded | for=_hidden | 10.0.0.1",
        "x-other | 203.0.113.7 | 10.0.0.1"
    })
    void shouldBelieveTheListFromItsEnd(final String header, final String value, final String client)
    {
        final HttpHeaders headers = new DefaultHttpHeaders().add(header, value);

        assertEquals(client, client(headers).replace("2001:db8:0:0:0:0:0:1", "2001:db8::1"));
    }

    /** What stands first is the client's own talk, however much of it there is. */
    @ParameterizedTest
    @CsvSource({"x-forwarded-for, 1.2.3.4", "forwarded, for=1.2.3.4"})
    void shouldFindTheEndOfALongList(final String header, final String talk)
    {
        final HttpHeaders headers = new DefaultHttpHeaders().add(
            header, (talk + ", ").repeat(200) + talk.replace("1.2.3.4", "203.0.113.7"));

        assertEquals("203.0.113.7", client(headers));
    }

    /** A proxy writes one of the headers, and lets the other pass as the client sent it. */
    @Test
    void shouldBelieveNobodyGivenHeadersThatDoNotAgree()
    {
        final HttpHeaders headers = new DefaultHttpHeaders()
            .add("forwarded", "for=203.0.113.7")
            .add("x-forwarded-for", "1.2.3.4, 203.0.113.7");

        assertEquals("203.0.113.7", client(headers));
        headers.set("forwarded", "for=1.2.3.4");
        assertEquals("10.0.0.1", client(headers));
    }

    @Test
    void shouldBoundEachAddressByItself()
    {
        final AcceptRate rate = new AcceptRate(3, -77);
        final byte[] first = AddressRange.address("203.0.113.7");
        final byte[] second = AddressRange.address("2001:db8::1");
        final byte[] neighbour = AddressRange.address("2001:db8::2");

        for (int i = 0; i < 3; i++)
        {
            assertTrue(rate.tryAccept(first, 0));
            assertTrue(rate.tryAccept(second, 0));
        }
        assertFalse(rate.tryAccept(first, 0));
        assertFalse(rate.tryAccept(neighbour, 0), "one network of IPv6 counts as one address");
        assertTrue(rate.tryAccept(first, TimeUnit.SECONDS.toNanos(1) / 3 + 1));
        assertFalse(rate.tryAccept(first, TimeUnit.SECONDS.toNanos(1) / 3 + 1));
    }

    private static String client(final HttpHeaders headers)
    {
        return NetUtil.bytesToIpAddress(ForwardedAddress.of(headers, AddressRange.address("10.0.0.1"), PROXIES));
    }
}

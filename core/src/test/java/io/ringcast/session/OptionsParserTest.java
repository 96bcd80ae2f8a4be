package io.ringcast.session;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsParserTest
{
    private final OptionsParser parser = new OptionsParser();

    @Test
    void shouldReadNothingWhenNothingIsAsked()
    {
        assertEquals(DeliveryOptions.PLAIN, parser.readJson("{}").options());
        assertEquals(DeliveryOptions.PLAIN, parser.readQuery(null).options());
        assertEquals(DeliveryOptions.PLAIN, parser.readQuery("apikey=relayed&x=1").options());
        assertEquals("{}", DeliveryOptions.PLAIN.canonicalJson());
        assertEquals("", DeliveryOptions.PLAIN.contentJson());
    }

    @Test
    void shouldNameWhatIsUnknownOrNotThereYet()
    {
        final String unknown = parser.readJson("{\"stampz\":true}").fault();
        assertTrue(unknown.startsWith("unknown relay option stampz; allowed: "), unknown);
        for (final DeliveryOption option : DeliveryOption.values())
        {
            if (!option.isAvailable())
            {
                final String fault = parser.readJson("{\"" + option.text() + "\":true}").fault();
                assertTrue(fault.contains(option.text() + " is not available in this version; allowed: "), fault);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "relay.lag.policy.x=1 | unknown relay option relay.lag.policy.x; allowed: relay.lag.NAME, relay.NAME",
        "relay.fromBlock=100 | relay option fromBlock=100; allowed: a block number in hex, earliest, finalized, " +
            "safe, latest or pending",
        "relay=quick | relay option relay=quick; allowed: stamps, emptyBlocks, history, restore or status, " +
            "with commas between them",
        "relay.fields=number, | relay option fields=; allowed: names of members, each once",
        "relay.fields=         | relay option fields=; allowed: names of members, each once",
        "relay.x=%zz          | the query is not URL-encoded",
        "relay.lag=spill&relay.lag.policy=spill | relay option relay.lag.policy is given twice"})
    void shouldRefuseAQueryWithOneLine(final String query, final String fault)
    {
        assertNull(parser.readQuery(query).options());
        assertEquals(fault, parser.readQuery(query).fault());
    }

    @ParameterizedTest
    @CsvSource({"disconnect, true, true", "spill, true, true", "conflate, false, true", "dropOldest, false, true"})
    void shouldTakeABoundWithEachPolicy(final String policy, final boolean isClosed, final boolean mayWait)
    {
        for (final String bound : new String[]{"maxItems", "maxBytes", "maxAgeMs"})
        {
            final LagOptions lag = parser.readJson(
                "{\"lag\":{\"policy\":\"" + policy + "\",\"" + bound + "\":250}}").options().lag();
            assertEquals(250, lag.maxItems() + lag.maxBytes() + lag.maxAgeMs());
            assertEquals(isClosed, lag.closesBeyondBounds());
            assertEquals(mayWait, lag.letsWait());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disconnect", "spill", "dropOldest", "dropNew"})
    void shouldRefuseAKeyWithoutConflation(final String policy)
    {
        final String fault =
            parser.readJson("{\"lag\":{\"policy\":\"" + policy + "\",\"key\":[\"address\"]}}").fault();

        assertEquals("relay option lag.key=[\"address\"]; allowed: only with the policy conflate", fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropOldest", "dropNew"})
    void shouldReadTheBoundsOfThePoliciesThatHaveSome(final String policy)
    {
        final LagOptions lag = parser.readJson("{\"lag\":{\"policy\":\"" + policy +
            "\",\"maxItems\":1,\"maxBytes\":2147483647,\"maxAgeMs\":3}}").options().lag();

        assertEquals(1, lag.maxItems());
        assertEquals(Integer.MAX_VALUE, lag.maxBytes());
        assertEquals(3, lag.maxAgeMs());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {
        "{\"lag\":{\"policy\":\"dropNew\",\"maxItems\":0}} | " +
            "relay option lag.maxItems=0; allowed: a whole number from 1 to 2147483647",
        "{\"lag\":{\"policy\":\"dropNew\",\"maxBytes\":2147483648}} | " +
            "relay option lag.maxBytes=2147483648; allowed: a whole number from 1 to 2147483647",
        "{\"lag\":{\"policy\":\"dropNew\",\"max\":1}} | " +
            "unknown relay option lag.max; allowed: policy, maxItems, maxBytes, maxAgeMs, key",
        "{\"lag\":{\"policy\":\"conflate\",\"key\":[\"colour\"]}} | " +
            "relay option lag.key=[\"colour\"]; allowed: address, topic0, topic1, topic2, topic3",
        "{\"everyMs\":60001} | relay option everyMs=60001; allowed: a whole number from 1 to 60000"})
    void shouldRefuseWhatIsOutOfItsRange(final String json, final String fault)
    {
        assertEquals(fault, parser.readJson(json).fault());
    }

    @Test
    void shouldRefuseMoreNamesOrFiltersThanMayBe()
    {
        for (final int count : new int[]{64, 65})
        {
            final String names = IntStream.range(0, count).mapToObj(i -> "\"n" + i + '"').collect(joining(","));
            final String filters = String.join(",", Collections.nCopies(count, "{}"));
            final String fieldsFault = parser.readJson("{\"fields\":[" + names + "]}").fault();
            final String anyFault = parser.readJson("{\"any\":[" + filters + "]}").fault();

            assertEquals(count == 64, fieldsFault == null, fieldsFault);
            assertEquals(count == 64, anyFault == null, anyFault);
        }
    }

    @Test
    void shouldTakeOneMemberOfAQueryForAListUnlessItIsAPreset()
    {
        assertEquals(List.of("number"), parser.readQuery("relay.fields=number").options().fields());
        assertEquals(List.of("number", "hash"), parser.readQuery("relay.fields=number,hash").options().fields());
        for (final String preset : DeliveryOptions.FIELD_PRESETS)
        {
            assertEquals(List.of('@' + preset), parser.readQuery("relay.fields=" + preset).options().fields());
        }
    }

    @Test
    void shouldPutTheStrongerOverTheWeakerOptionByOption()
    {
        final DeliveryOptions network = new DeliveryOptions(
            true, null, 5, null, null, null, null, List.of("hash"), null, null, null);
        final DeliveryOptions own = new DeliveryOptions(
            false, new LagOptions(LagPolicy.SPILL, 0, 7, 0, List.of()), null, null, null, null, null, null, null, null,
            null);

        assertEquals("{\"fields\":[\"hash\"],\"lag\":{\"policy\":\"spill\",\"maxBytes\":7},\"everyMs\":5}",
            own.over(network).canonicalJson());
        assertEquals("{\"fields\":[\"hash\"]}", own.over(network).contentJson());
        assertEquals(network, DeliveryOptions.PLAIN.over(network));
        assertEquals(network, network.over(DeliveryOptions.PLAIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"stamps\":false,\"lag\":{\"policy\":\"dropNew\",\"maxItems\":7},\"onGap\":\"backfill\"}",
        "{\"lag\":{\"policy\":\"conflate\",\"key\":[\"address\",\"topic0\"]},\"everyMs\":5}",
        "{\"order\":\"block\",\"emptyBlocks\":true,\"fields\":[\"number\",\"hash\"]}",
        "{\"fields\":\"ethers\",\"history\":true,\"fromBlock\":\"0x12d000\"}",
        "{\"any\":[{\"topics\":[null,[\"0x1\"]]},{}]}"})
    void shouldReadWhatWasSaidAsItIsWritten(final String json)
    {
        final DeliveryOptions options = parser.readJson(json).options();

        assertEquals(
            options, parser.readJson(options.exactJson()).options(), parser.readJson(options.exactJson()).fault());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"e\":\"0k3f9az\",\"q\":0}",
        "{\"c\":\"7:9f3a00c1d2e3f405:41\"}",
        "{\"e\":\"0k3f9az\",\"q\":88,\"c\":\"7:9f3a00c1d2e3f405:41\"}"})
    void shouldReadAPositionAsItIsWritten(final String position)
    {
        final String json = "{\"resume\":" + position + '}';

        assertEquals(json, parser.readJson(json).options().exactJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {
        "{\"e\":\"0k3f9az\"} | relay option resume={\"e\":\"0k3f9az\"}",
        "{\"q\":1,\"c\":\"7:9f3a00c1d2e3f405:41\"} | relay option resume={\"q\":1,\"c\":\"7:9f3a00c1d2e3f405:41\"}",
        "{\"e\":\"0k3f9az\",\"q\":1,\"c\":\"7\"} | relay option resume.c=7; allowed: NUMBER:16 HEX DIGITS:INDEX"})
    void shouldRefuseHalfAPosition(final String position, final String fault)
    {
        assertTrue(parser.readJson("{\"resume\":" + position + '}').fault().startsWith(fault),
            parser.readJson("{\"resume\":" + position + '}').fault());
    }

    @Test
    void shouldReadWhereToBeginFromAQuery()
    {
        final DeliveryOptions options = parser.readQuery("relay.fromBlock=finalized&relay=stamps").options();

        assertEquals("{\"stamps\":true,\"fromBlock\":\"finalized\"}", options.exactJson());
        assertTrue(options.wantsHistory());
    }

    @Test
    void shouldReadACursorAsItIsWritten()
    {
        final PortableCursor cursor = new PortableCursor(1234567, 0x9f3a00c1d2e3f405L, 41);

        assertEquals("1234567:9f3a00c1d2e3f405:41", cursor.toString());
        assertEquals(cursor, PortableCursor.parse(cursor.toString()));
        assertNull(PortableCursor.parse("1234567:9f3a:41"));
        assertNull(PortableCursor.parse("-1:9f3a00c1d2e3f405:41"));
    }
}

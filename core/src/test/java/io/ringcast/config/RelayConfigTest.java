package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Confined to the test thread. */
final class RelayConfigTest
{
    @Test
    void shouldHaveDocumentedDefaultsWhenOnlyUpstreamIsGiven()
    {
        final RelayConfig config = RelayConfig.of("ws://localhost:8546");

        assertEquals("127.0.0.1", config.listenHost());
        assertEquals(9545, config.listenPort());
        assertEquals(ThreadingChoice.AUTO, config.threading());
        assertEquals(4096, config.ringSlots());
        assertEquals("main", config.networks().get(0).name());
        assertEquals("/", config.networks().get(0).path());
        assertEquals("upstream-1", config.networks().get(0).upstreams().get(0).name());
        assertEquals(List.of(SubscriptionMethod.ETH), config.networks().get(0).subscriptionMethods());
        assertEquals(32 << 20, config.limits().messageBytes());
        assertEquals(65_536, config.limits().outstandingCalls());
        assertEquals(250, config.timing().activationFallbackMs());
    }

    @Test
    void shouldEqualItselfWhenTakenThroughItsBuilder()
    {
        final RelayConfig config = RelayConfig.builder()
            .listen("::1", 0)
            .threading(ThreadingChoice.SHARED)
            .transport(TransportChoice.NIO)
            .ioThreads(3)
            .ringSlots(64)
            .network(NetworkConfig.builder().name("a").path("/a").logs(LogsMode.PASS).upstream("ws://a")
                .topics(OwnTopicsConfig.builder().publish(List.of("chat.*")).subscribe(List.of("news"))
                    .set(OwnTopicsConfig.TOPIC_COUNT, 5).build())
                .subscriptionMethod(SubscriptionMethod.of("admin_peerEvents")).build())
            .limits(LimitsConfig.builder().connections(7).build())
            .timing(TimingConfig.builder().lingerMs(0).build())
            .profile(ProfileChoice.LOW_LATENCY)
            .cores(CoreList.parse("cores", "2-4"))
            .sockets(SocketConfig.builder().busyPollUs(50).sendBufferBytes(1).receiveBufferBytes(2)
                .notSentLowatBytes(3).quickAck(true).build())
            .ioUringEntries(64)
            .warmUpMs(9)
            .build();

        assertEquals(config, config.toBuilder().build());
        assertEquals(config.sockets(), config.sockets().toBuilder().build());
        assertEquals(config.limits(), config.limits().toBuilder().build());
        assertEquals(config.timing(), config.timing().toBuilder().build());
    }

    @Test
    void shouldAcceptEveryDefaultWhenTablesAreChecked()
    {
        Stream.of(RelayConfig.SETTINGS, LimitsConfig.SETTINGS, TimingConfig.SETTINGS, SocketConfig.SETTINGS,
            DoorsConfig.SETTINGS, DeliveryConfig.SETTINGS, OwnTopicsConfig.SETTINGS)
            .flatMap(List::stream)
            .forEach(setting -> assertEquals(setting.defaultValue(), setting.check(setting.defaultValue())));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 100, 4097, 2_097_152})
    void shouldRefuseRingSlotsWhenNoPowerOfTwoInRange(final int slots)
    {
        final ConfigException refused = assertThrows(ConfigException.class,
            () -> RelayConfig.builder().upstream("ws://n").ringSlots(slots).build());

        assertEquals("ringSlots", refused.name());
        assertEquals(String.valueOf(slots), refused.value());
        assertEquals("a power of two from 64 to 1048576", refused.allowed());
        assertTrue(refused.getMessage().startsWith("ringSlots=" + slots + ": "));
    }

    /** The ids of the relay's own calls have room for so many. */
    @Test
    void shouldRefuseMoreSubscriptionMethodsThanCallIdsCanName()
    {
        final NetworkConfig.Builder network = NetworkConfig.builder().upstream("ws://n");
        for (int i = 1; i < NetworkConfig.MAX_SUBSCRIPTION_METHODS; i++)
        {
            network.subscriptionMethod(SubscriptionMethod.of("m" + i + "_subscribe"));
        }
        assertEquals(NetworkConfig.MAX_SUBSCRIPTION_METHODS, network.build().subscriptionMethods().size());

        network.subscriptionMethod(SubscriptionMethod.of("more_subscribe"));
        final ConfigException refused = assertThrows(ConfigException.class, network::build);
        assertEquals("subscriptionMethods", refused.name());
        assertEquals("0 to 64", refused.allowed());
    }

    @Test
    void shouldRefuseWhenNoNetworkIsGiven()
    {
        assertEquals("networks", assertThrows(ConfigException.class, RelayConfig.builder()::build).name());
    }

    @Test
    void shouldRefuseWhenPathsOrNamesRepeat()
    {
        final RelayConfig.Builder samePath = RelayConfig.builder()
            .network(NetworkConfig.builder().name("a").upstream("ws://a"))
            .network(NetworkConfig.builder().name("b").upstream("ws://b"));
        final RelayConfig.Builder sameName = RelayConfig.builder()
            .network(NetworkConfig.builder().path("/a").upstream("ws://a"))
            .network(NetworkConfig.builder().path("/b").upstream("ws://b"));

        assertEquals("networks[1].path", assertThrows(ConfigException.class, samePath::build).name());
        assertEquals("networks[1].name", assertThrows(ConfigException.class, sameName::build).name());
    }

    @Test
    void shouldNameUpstreamsByTheirPlaceWhenSeveralAreGiven()
    {
        final NetworkConfig two = NetworkConfig.builder().upstream("ws://a").upstream("ws://b").build();

        assertEquals("upstream-1", two.upstreams().get(0).name());
        assertEquals("upstream-2", two.upstreams().get(1).name());
    }

    @Test
    void shouldRefuseUpstreamsWhenTwoHaveOneName()
    {
        final NetworkConfig.Builder same = NetworkConfig.builder()
            .upstream(UpstreamConfig.of("a", "ws://a")).upstream(UpstreamConfig.of("a", "ws://b"));

        assertEquals("each name once", assertThrows(ConfigException.class, same::build).allowed());
    }

    @Test
    void shouldRefuseUpstreamsWhenThereAreTooMany()
    {
        final NetworkConfig.Builder many = NetworkConfig.builder();
        for (int i = 0; i <= NetworkConfig.MAX_UPSTREAMS; i++)
        {
            many.upstream("ws://a:" + (8000 + i));
        }

        assertEquals("1 to 16", assertThrows(ConfigException.class, many::build).allowed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://n", "n:8546", "ws:///x", "ws://n:0", "ws://n:70000", "ws://n/#a", "", "a b",
        "https:///x", "wss://"})
    void shouldRefuseUpstreamWhenUrlIsUnusable(final String url)
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> UpstreamConfig.of(url));

        assertEquals("url", refused.name());
        assertTrue(refused.allowed().startsWith("ws://"));
    }

    @Test
    void shouldRefuseReconnectWaitsWhenLeastExceedsMost()
    {
        final TimingConfig.Builder timing = TimingConfig.builder().reconnectMinMs(200).reconnectMaxMs(100);

        assertEquals("reconnectMinMs", assertThrows(ConfigException.class, timing::build).name());
    }

    @ParameterizedTest
    @CsvSource({
        "eth_subscribe, eth_unsubscribe, eth_subscription",
        "foo_bar_subscribe, foo_bar_unsubscribe, foo_bar_subscription",
        "admin_peerEvents, admin_unsubscribe, admin_subscription"})
    void shouldDeriveMethodsWhenOnlyTheFirstIsGiven(final String subscribe, final String unsubscribe, final String item)
    {
        assertEquals(new SubscriptionMethod(subscribe, unsubscribe, item), SubscriptionMethod.of(subscribe));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "subscribe", "_subscribe", "_x", "a b_c", "a\"_b"})
    void shouldRefuseMethodWhenNothingCanBeDerived(final String subscribe)
    {
        assertThrows(ConfigException.class, () -> SubscriptionMethod.of(subscribe));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:0, 127.0.0.1, 0", "[::1]:9545, ::1, 9545", "node.local:65535, node.local, 65535"})
    void shouldReadAddressWhenWellFormed(final String text, final String host, final int port)
    {
        assertEquals(new HostPort(host, port), HostPort.parse("listen", text));
        assertEquals(text, HostPort.parse("listen", text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", ":1", "a:", "a:65536", "a:-1", "::1:9545", "a b:1", "a:99999999999"})
    void shouldRefuseAddressWhenMalformed(final String text)
    {
        assertEquals("listen", assertThrows(ConfigException.class, () -> HostPort.parse("listen", text)).name());
    }

    @Test
    void shouldStayOnOneLineWhenValueIsLongOrHasLineBreaks()
    {
        final String message = new ConfigException("a", "x\n\r\ty" + "z".repeat(9999), "wrong", "less").getMessage();

        assertTrue(message.length() < 200);
        assertFalse(message.contains("\n"));
    }

    @Test
    void shouldSuggestWordWhenChoiceIsMisspelt()
    {
        final ConfigException refused = assertThrows(ConfigException.class,
            () -> Choice.parse("threading", "compct", ThreadingChoice.class));

        assertEquals("threading=compct: unknown value, did you mean compact?; "
            + "allowed: auto, compact, shared, dedicated", refused.getMessage());
        assertEquals(TransportChoice.IO_URING, Choice.parse("transport", "io-uring", TransportChoice.class));
    }
}

package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A journal says what the stages depend on, and no secret. */
final class StageSettingsYamlTest
{
    /** What the stages of a network are built from. A new component belongs here, or below if only sockets need it. */
    private static final Set<String> WRITTEN_OF_NETWORK = Set.of(
        "name", "path", "aliases", "isDefault",
        "upstreams", "logs", "subscriptionMethods", "broadcast", "dialect", "quorum", "options", "topics");
    private static final Set<String> OF_SOCKETS_OF_NETWORK = Set.of("ipc");
    private static final Set<String> WRITTEN_OF_RELAY = Set.of("ringSlots", "networks", "limits", "timing", "delivery");
    /** What rights refuse the slots note, so a replay does not need to know who has which. */
    private static final Set<String> OF_SOCKETS_OF_RELAY = Set.of(
        "access", "listenHost", "listenPort", "threading", "ioThreads", "transport", "profile", "cores", "sockets",
        "ioUringEntries", "warmUpMs", "doors", "journal");

    @Test
    void shouldReadTheSameSettingsGivenNoneOfThemHasItsDefault()
    {
        final LimitsConfig.Builder limits = LimitsConfig.builder();
        LimitsConfig.SETTINGS.forEach(setting -> limits.set(setting, other(setting)));
        final TimingConfig.Builder timing = TimingConfig.builder();
        TimingConfig.SETTINGS.forEach(setting -> timing.set(setting, other(setting)));
        timing.clockSync(ClockSync.PTP);
        final DeliveryConfig.Builder delivery = DeliveryConfig.builder();
        DeliveryConfig.SETTINGS.forEach(setting -> delivery.set(setting, other(setting)));
        final NetworkConfig network = NetworkConfig.builder().name("main-1.x_y").path("/elsewhere")
            .aliases(List.of("/x")).isDefault(true).logs(LogsMode.PASS)
            .upstream("ws://127.0.0.1:8546").upstream(UpstreamConfig.of("true", "http://127.0.0.1:8545"))
            .subscriptionMethod(new SubscriptionMethod("x_watch", "x_unwatch", "x_watched"))
            .broadcast(List.of("eth_a", "eth_b")).quorum(2)
            .topics(OwnTopicsConfig.builder().publish(List.of("room.*", "a")).subscribe(List.of("*"))
                .set(OwnTopicsConfig.TOPIC_COUNT, 5).build())
            .build();
        final NetworkConfig other = NetworkConfig.builder().name("a-1").path("/a").aliases(List.of("/b", "/c"))
            .dialect(Dialect.SOLANA).upstream("ws://127.0.0.1:8547").build();
        final RelayConfig config = RelayConfig.builder().ringSlots(128).network(other).network(network)
            .limits(limits.build()).timing(timing.build())
            .delivery(delivery.build()).build();

        final RelayConfig read = RelayConfigYaml.read(StageSettingsYaml.write(config, network));

        final NetworkConfig readNetwork = read.networks().get(0);
        assertEquals(config.ringSlots(), read.ringSlots());
        assertEquals(config.limits(), read.limits());
        assertEquals(config.timing(), read.timing());
        assertEquals(config.delivery(), read.delivery());
        assertEquals(network.name(), readNetwork.name());
        assertEquals(network.paths(), readNetwork.paths());
        assertEquals(network.isDefault(), readNetwork.isDefault());
        assertEquals(2, read.networks().size());
        assertEquals(other.name(), read.networks().get(1).name());
        assertEquals(other.paths(), read.networks().get(1).paths());
        assertEquals(other.dialect(), read.networks().get(1).dialect());
        assertEquals(network.logs(), readNetwork.logs());
        assertEquals(network.quorum(), readNetwork.quorum());
        assertEquals(network.broadcast(), readNetwork.broadcast());
        assertEquals(network.dialect(), readNetwork.dialect());
        assertEquals(network.subscriptionMethods(), readNetwork.subscriptionMethods());
        assertEquals(network.options(), readNetwork.options());
        assertEquals(network.topics(), readNetwork.topics());
        assertEquals(
            List.of("upstream-1", "true"), readNetwork.upstreams().stream().map(UpstreamConfig::name).toList());
    }

    @Test
    void shouldReadTheSameMethodsGivenAnotherDialect()
    {
        Dialect.all().forEach(dialect ->
        {
            final NetworkConfig network = NetworkConfig.builder().dialect(dialect).upstream("ws://127.0.0.1:8546")
                .subscriptionMethod(new SubscriptionMethod("x_watch", "x_unwatch", "x_watched")).build();

            final NetworkConfig read = RelayConfigYaml.read(StageSettingsYaml.write(
                RelayConfig.builder().network(network).build(), network)).networks().get(0);

            assertEquals(dialect, read.dialect());
            assertEquals(network.subscriptionMethods(), read.subscriptionMethods());
            assertEquals(network.broadcast(), read.broadcast());
        });
    }

    @Test
    void shouldSayNothingOfWhereUpstreamsAreAndHowTheyAreReached()
    {
        final NetworkConfig network = NetworkConfig.builder()
            .upstream(UpstreamConfig.of("one", "wss://user:hunter2@node.example/path-secret?key=query-secret"))
            .upstream(new UpstreamConfig("two", URI.create("wss://other.example/"),
                Map.of("X-Api-Key", "header-secret"), null, null))
            .build();

        final String yaml = StageSettingsYaml.write(RelayConfig.builder().network(network).build(), network);

        for (final String secret : List.of("hunter2", "secret", "user:", "X-Api-Key", "example"))
        {
            assertFalse(yaml.contains(secret), secret);
        }
    }

    @Test
    void shouldLeaveNothingOutWithoutSayingSo()
    {
        assertEquals(both(WRITTEN_OF_NETWORK, OF_SOCKETS_OF_NETWORK), components(NetworkConfig.class));
        assertEquals(both(WRITTEN_OF_RELAY, OF_SOCKETS_OF_RELAY), components(RelayConfig.class));
    }

    private static long other(final NumberSetting setting)
    {
        return setting.defaultValue() == setting.max() ? setting.min() : setting.max();
    }

    private static Set<String> both(final Set<String> some, final Set<String> others)
    {
        final Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static Set<String> components(final Class<?> type)
    {
        return new TreeSet<>(Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList());
    }
}

package io.ringcast.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.NumberSetting;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import io.ringcast.config.RightsConfig;
import io.ringcast.config.SocketConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.config.TimingConfig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/configuration.md to the code: the examples are read, and the full one has every key and its default. */
final class ConfigurationDocTest
{
    private final List<String> examples = DocPage.read("configuration.md").yamlBlocks();
    private final String full = examples.get(examples.size() - 1);

    @Test
    void shouldShowOnlyExamplesThatAreAccepted()
    {
        examples.forEach(example -> assertFalse(RelayConfigYaml.read(example).networks().isEmpty(), example));
    }

    @Test
    void shouldShowEveryNumberInTheFullExample()
    {
        final List<String> missing = Stream.of(RelayConfig.SETTINGS, LimitsConfig.SETTINGS, TimingConfig.SETTINGS,
            SocketConfig.SETTINGS, DoorsConfig.SETTINGS, DeliveryConfig.SETTINGS, OwnTopicsConfig.SETTINGS,
            AccessConfig.SETTINGS, RightsConfig.SETTINGS)
            .flatMap(List::stream)
            .map(NumberSetting::name)
            .filter(name -> !full.contains(name + ":"))
            .toList();

        assertEquals(List.of(), missing);
    }

    @Test
    void shouldShowTheDefaultsInTheFullExample()
    {
        final RelayConfig config = RelayConfigYaml.read(full);
        final RelayConfig defaults = RelayConfig.of("ws://127.0.0.1:8546");

        assertEquals(defaults.listenHost(), config.listenHost());
        assertEquals(defaults.listenPort(), config.listenPort());
        assertEquals(defaults.threading(), config.threading());
        assertEquals(defaults.transport(), config.transport());
        assertEquals(defaults.ioThreads(), config.ioThreads());
        assertEquals(defaults.ringSlots(), config.ringSlots());
        assertEquals(defaults.limits(), config.limits());
        assertEquals(defaults.timing(), config.timing());
        assertEquals(defaults.access(), config.access().toBuilder().anonymous(null).build());
        assertEquals(RightsConfig.defaults().requestsPerSecond(), config.access().anonymous().requestsPerSecond());
        assertEquals(defaults.profile(), config.profile());
        assertEquals(defaults.cores(), config.cores());
        assertEquals(defaults.sockets(), config.sockets());
        assertEquals(defaults.ioUringEntries(), config.ioUringEntries());
        assertEquals(defaults.warmUpMs(), config.warmUpMs());
        assertEquals(defaults.networks().get(0).name(), config.networks().get(0).name());
        assertEquals(defaults.networks().get(0).path(), config.networks().get(0).path());
        assertEquals(defaults.networks().get(0).upstreams(), config.networks().get(0).upstreams());
        assertEquals(defaults.networks().get(0).logs(), config.networks().get(0).logs());
        assertEquals(defaults.networks().get(0).topics(), config.networks().get(0).topics());
    }

    @Test
    void shouldReadTheSubscriptionMethodsAsTheCommentsSay()
    {
        final List<SubscriptionMethod> methods =
            RelayConfigYaml.read(full).networks().get(0).subscriptionMethods();

        assertTrue(methods.contains(SubscriptionMethod.ETH));
        assertTrue(methods.contains(
            new SubscriptionMethod("admin_peerEvents", "admin_unsubscribe", "admin_subscription")));
        assertTrue(methods.contains(new SubscriptionMethod("x_watch", "x_unwatch", "x_watched")));
    }
}

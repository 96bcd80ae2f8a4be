package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Confined to the test thread. */
final class RelayConfigYamlTest
{
    private static final String FULL = """
        listen: "0.0.0.0:1"
        threading: shared
        ioThreads: 2
        transport: nio
        ringSlots: 128
        networks:
          - name: mainnet
            path: /main/evm/1
            upstreams:
              - name: geth
                url: ws://127.0.0.1:8546
            logs: pass
            subscriptionMethods:
              - admin_peerEvents
              - {subscribe: x_watch, unsubscribe: x_stop}
          - {name: other, path: /other, upstreams: ["ws://[::1]:8547/key"]}
        limits: {connections: 5, filterTopicValues: 9}
        timing: {callTimeoutMs: 77}
        profile: low-latency
        cores: "2-3,7"
        sockets: {busyPollUs: 50, quickAck: true}
        ioUringEntries: 128
        warmUpMs: 5
        doors: {drainNoticeMs: 250, alternative: "wss://relay-2.example/main"}
        """;

    @ParameterizedTest
    @ValueSource(strings = {"https://relay.example", "wss://", "wss://a b", "wss://a\"b", "wss://a\\b"})
    void shouldRefuseAnAlternativeThatIsNoRelaysUrl(final String url)
    {
        final DoorsConfig.Builder doors = DoorsConfig.builder().alternative(url);

        assertTrue(assertThrows(ConfigException.class, doors::build).getMessage().contains("alternative"));
    }

    @Test
    void shouldReadEverySettingWhenTextIsComplete()
    {
        final RelayConfig config = RelayConfigYaml.read(FULL);

        final RelayConfig expected = RelayConfig.builder()
            .listen("0.0.0.0", 1)
            .threading(ThreadingChoice.SHARED)
            .ioThreads(2)
            .transport(TransportChoice.NIO)
            .ringSlots(128)
            .network(NetworkConfig.builder().name("mainnet").path("/main/evm/1").logs(LogsMode.PASS)
                .upstream(UpstreamConfig.of("geth", "ws://127.0.0.1:8546"))
                .subscriptionMethod(SubscriptionMethod.of("admin_peerEvents"))
                .subscriptionMethod(new SubscriptionMethod("x_watch", "x_stop", "x_subscription")))
            .network(NetworkConfig.builder().name("other").path("/other").upstream("ws://[::1]:8547/key"))
            .limits(LimitsConfig.builder().connections(5).filterTopicValues(9).build())
            .timing(TimingConfig.builder().callTimeoutMs(77).build())
            .profile(ProfileChoice.LOW_LATENCY)
            .cores(new CoreList(List.of(2, 3, 7)))
            .sockets(SocketConfig.builder().busyPollUs(50).quickAck(true).build())
            .ioUringEntries(128)
            .warmUpMs(5)
            .doors(DoorsConfig.builder().drainNoticeMs(250).alternative("wss://relay-2.example/main").build())
            .build();
        assertEquals(expected, config);
    }

    @Test
    void shouldReadCredentialsWhenAnUpstreamHasThem()
    {
        final RelayConfig config = RelayConfigYaml.read("""
            network:
              upstreams:
                - {name: a, url: "wss://n/v1", headers: {X-Key: "k"}, tokenFile: /t, trust: ca.pem}
                - /n/geth.ipc
            """);

        assertEquals(List.of(
            UpstreamConfig.of("a", "wss://n/v1").withHeader("X-Key", "k").withTokenFile(Path.of("/t"))
                .withTrust(Path.of("ca.pem")),
            UpstreamConfig.of("upstream-2", "ipc:/n/geth.ipc")), config.networks().get(0).upstreams());
    }

    @Test
    void shouldReadOneNetworkWhenGivenAsMapping()
    {
        final RelayConfig config = RelayConfigYaml.read("network: {upstreams: ['ws://n']}\nlimits:\n");

        assertEquals(RelayConfig.of("ws://n"), config);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "listn: a|listn|did you mean listen?",
        "threading: fast|threading|unknown value",
        "ringSlots: 100|ringSlots|not a power of two",
        "ringSlots: '128'|ringSlots|not a whole number",
        "ringSlots: 1.5|ringSlots|not a whole number",
        "ioThreads: 99999999999999999999|ioThreads|not a whole number",
        "listen: 9545|listen|not text",
        "listen: localhost|listen|no port",
        "limits: {conections: 1}|limits.conections|did you mean connections?",
        "limits: {connections: 0}|limits.connections|too small",
        "limits: {outstandingCalls: 65}|limits.outstandingCalls|not a power of two",
        "limits: [1]|limits|not a mapping",
        "timing: {reconnectMinMs: 20000}|timing.reconnectMinMs|greater than reconnectMaxMs",
        "networks: {a: b}|networks|not a list",
        "networks: [{path: x, upstreams: ['ws://n']}]|networks[0].path|not a path",
        "networks: [{upstreams: ['ws://n'], log: match}]|networks[0].log|did you mean logs?",
        "networks: [{upstreams: [{url: 'gopher://n'}]}]|networks[0].upstreams[0].url|scheme gopher is not supported",
        "networks: [{upstreams: [{name: x}]}]|networks[0].upstreams[0].url|missing",
        "networks: [{upstreams: ['ftp://n']}]|networks[0].upstreams[0]|scheme ftp is not supported",
        "networks: [{upstreams: [{url: 'ws://n', trust: x}]}]|networks[0].upstreams[0].trust|no TLS",
        "networks: [{upstreams: [{url: 'ipc:/n', tokenFile: x}]}]|networks[0].upstreams[0].tokenFile|no credentials",
        "networks: [{upstreams: [{url: 'ws://n', headers: [a]}]}]|networks[0].upstreams[0].headers|not a mapping",
        "networks: [{upstreams: [{url: 'ws://n', headers: {a: 1}}]}]|networks[0].upstreams[0].headers.a|not text",
        "networks: [{upstreams: [{url: 'ws://n', headers: {Host: a}}]}]|networks[0].upstreams[0].headers|sets this",
        "networks: [{upstreams: ['ws://a', {name: upstream-1, url: 'ws://b'}]}]|networks[0].upstreams|name given twice",
        "network: {upstreams: ['ws://a'], name: 'a b'}|network.name|not a name",
        "network: {subscriptionMethods: [nope]}|network.subscriptionMethods[0]|no namespace",
        "network: {subscriptionMethods: [{notification: a_b}]}|network.subscriptionMethods[0].subscribe|not a method",
        "network: {name: x}|networks[0].upstreams|no upstream",
        "limits: {connections: 1}|networks|no network",
        "just text|config|not a mapping",
        "[1, 2]|config|not a mapping",
        "{1: 2}|1|unknown key"})
    void shouldNameTheFullPathWhenSomethingIsWrong(final String yaml, final String name, final String problem)
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> RelayConfigYaml.read(yaml));

        assertEquals(name, refused.name());
        assertTrue(refused.getMessage().contains(problem), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ringSlots: 64\nringSlots: 128", "a: [", "@", "a: *b", "!!java.lang.Runtime {}", "%YAML 9.9\n---\n",
        "a: b: c"})
    void shouldRefuseInOneLineWhenTextIsNoUsableYaml(final String yaml)
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> RelayConfigYaml.read(yaml));

        assertEquals("config", refused.name());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }

    @Test
    void shouldRefuseWhenBothNetworkAndNetworksAreGiven()
    {
        final String yaml = "network: {upstreams: ['ws://n']}\nnetworks: [{upstreams: ['ws://n']}]";

        assertThrows(ConfigException.class, () -> RelayConfigYaml.read(yaml));
    }

    @Test
    void shouldStayBoundedWhenTextIsHostile()
    {
        final StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 100; i++)
        {
            laughs.append("a").append(i).append(": &a").append(i).append(" [*a").append(i - 1).append(", *a")
                .append(i - 1).append("]\n");
        }
        final List<String> hostile = List.of(laughs.toString(), "[".repeat(200_000), "a: &a [*a]",
            "limits: &a {connections: *a}", "#".repeat(2 << 20), "- ".repeat(100_000), "? ".repeat(100_000));

        for (final String yaml : hostile)
        {
            assertThrows(ConfigException.class, () -> RelayConfigYaml.read(yaml));
        }
    }

    @Test
    void shouldReadFileWhenItIsThereAndSaySoWhenNot(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("relay.yaml"), FULL);
        final Path latin = Files.write(directory.resolve("latin.yaml"), new byte[]{(byte)0xe4});

        assertEquals(RelayConfigYaml.read(FULL), RelayConfigYaml.builder(file).build());
        assertThrows(ConfigException.class, () -> RelayConfigYaml.builder(directory.resolve("none.yaml")));
        assertThrows(ConfigException.class, () -> RelayConfigYaml.builder(latin));
        assertThrows(ConfigException.class, () -> RelayConfigYaml.builder(directory));
    }
}

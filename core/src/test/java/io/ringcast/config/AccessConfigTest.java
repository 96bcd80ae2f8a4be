package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

/** The part {@code access} of a configuration. */
class AccessConfigTest
{
    private static final String NETWORK = "network: {upstreams: [\"ws://127.0.0.1:8546\"]}\n";

    @Test
    void shouldReadEverything()
    {
        final AccessConfig access = RelayConfigYaml.read(NETWORK + """
            access:
              keys:
                - name: alice
                  secretFile: /run/alice
                  networks: [main]
                  allow: ["eth_*"]
                  deny: []
                  publish: true
                  connections: 1
                  subscriptions: 2
                  requestsPerSecond: 3
                  bytesPerSecond: 4
                - name: bob
                  secretEnv: BOB
              jwt: {publicKeyFile: /run/jwt.pem, issuer: us, audience: relay, connections: 5}
              anonymous: {allow: [eth_chainId]}
              deny: ["x_*"]
              hosts: [relay.example]
              proxies: [10.0.0.0/8, "::1"]
              acceptsPerSecond: 6
              headerBytes: 16384
            """).access();

        assertEquals(new KeyConfig("alice", SecretSource.file(Path.of("/run/alice")), new RightsConfig(
            List.of("main"), List.of("eth_*"), List.of(), true, 1, 2, 3, 4)), access.keys().get(0));
        assertEquals(new KeyConfig("bob", SecretSource.variable("BOB"), RightsConfig.defaults()),
            access.keys().get(1));
        assertNull(access.keys().get(1).rights().deny());
        assertEquals("us", access.jwt().issuer());
        assertEquals(5, access.jwt().rights().connections());
        assertEquals(List.of("eth_chainId"), access.anonymous().allow());
        assertEquals(List.of("x_*"), access.deny());
        assertEquals(List.of("relay.example"), access.hosts());
        assertEquals(6, access.acceptsPerSecond());
        assertEquals(16_384, access.headerBytes());
        assertFalse(access.wantsKey());
        assertTrue(access.toBuilder().anonymous(null).build().wantsKey());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
    {
        "keys: [{name: a}] | access.keys[0].secretFile=: missing; allowed: one of secretFile and secretEnv",
        "keys: [{name: a, secretFile: x, secretEnv: y}] | access.keys[0].secretFile=x: given beside secretEnv; " +
            "allowed: one of secretFile and secretEnv",
        "keys: [{name: a, secret: abc}] | access.keys[0].secret=...: a secret does not belong into this file",
        "keys: [{name: a, secretEnv: A}, {name: a, secretEnv: B}] | access.keys=a: name given twice; " +
            "allowed: each name once",
        "jwt: {issuer: us} | access.jwt.publicKeyFile=: missing",
        "deny: ['bad name'] | access.deny=bad name: not a method",
        "proxies: [10.0.0.0/33] | access.proxies=10.0.0.0/33: not an address",
        "proxies: [proxy.example] | access.proxies=proxy.example: not an address",
        "hosts: ['a:1'] | access.hosts=a:1: not a host",
        "anonymous: {networks: [other]} | access networks=other: no such network; allowed: main",
        "headerBytes: 1 | access.headerBytes=1: too small"
    })
    void shouldRefuseInOneLine(final String yaml, final String refusal)
    {
        final String message = assertThrows(
            ConfigException.class, () -> RelayConfigYaml.read(NETWORK + "access: {" + yaml + "}")).getMessage();

        assertTrue(message.startsWith(refusal), message);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.1, false", "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.2, false", "0.0.0.0/0, 1.2.3.4, true", "fd00::/8, fdff::1, true", "fd00::/8, fe00::1, false",
        "10.0.0.0/8, ::1, false", "10.0.0.128/25, 10.0.0.127, false", "10.0.0.128/25, 10.0.0.129, true"})
    void shouldKnowWhatARangeHolds(final String range, final String address, final boolean isHeld)
    {
        assertEquals(isHeld, AddressRange.parse(range).holds(AddressRange.address(address)));
    }
}

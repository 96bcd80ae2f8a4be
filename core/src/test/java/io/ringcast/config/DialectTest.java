package io.ringcast.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every dialect can be named, and a network of one but Ethereum's asks for nothing that needs heads. */
class DialectTest
{
    static Stream<Dialect> others()
    {
        return Dialect.all().filter(dialect -> !dialect.isEthereum());
    }

    @Test
    void shouldSayWhichThereAreGivenAnUnknownName()
    {
        final ConfigException refusal = assertThrows(ConfigException.class, () -> Dialect.parse("cosmos"));

        assertTrue(refusal.getMessage().contains("ethereum, solana, substrate, diem"), refusal.getMessage());
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldTakeMethodsAndBroadcastFromTheDialectUnlessSaidOtherwise(final Dialect dialect)
    {
        final NetworkConfig.Builder network =
            NetworkConfig.builder().dialect(Dialect.parse(dialect.name())).upstream("ws://127.0.0.1:8546");

        assertEquals(dialect.methods(), network.build().subscriptionMethods());
        assertEquals(dialect.broadcast(), network.build().broadcast());
        assertEquals(List.of("x_send"), network.broadcast(List.of("x_send")).build().broadcast());
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldRefuseTopicsAndAQuorum(final Dialect dialect)
    {
        final NetworkConfig.Builder topics = NetworkConfig.builder().dialect(dialect).upstream("ws://127.0.0.1:8546")
            .topics(OwnTopicsConfig.builder().publish(List.of("chat")).build());
        final NetworkConfig.Builder quorum = NetworkConfig.builder().dialect(dialect)
            .upstream("ws://127.0.0.1:8546").upstream("ws://127.0.0.1:8547").quorum(2);

        assertEquals("topics", assertThrows(ConfigException.class, topics::build).name());
        assertEquals("quorum", assertThrows(ConfigException.class, quorum::build).name());
    }
}

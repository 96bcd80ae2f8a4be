package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.Test;

import java.util.List;

class MemoryNeedsTest
{
    private static final long MIB = 1024 * 1024;

    @Test
    void shouldSayInALineEachWhatTheJvmCannotGive()
    {
        final MemoryNeeds needs = MemoryNeeds.of(RelayConfig.of("ws://127.0.0.1:8546"), 1);

        assertEquals(List.of(), needs.warnings(1_444 * MIB, 1_600 * MIB));
        assertEquals(List.of(
            "the limits allow 1443 MiB of heap at the worst, and -Xmx gives 512: raise it, or lower " +
                "unfinishedBytes (512), upstreamMessageBytes (256), batchResponseBytes (190) " +
                "and what else docs/operations.md, Sizing memory, names",
            "the limits allow 1600 MiB of direct memory at the worst, and -XX:MaxDirectMemorySize gives 1599: " +
                "raise it, or lower unsentBytes (1024), unfinishedBytes (512), upstreamUnsentBytes (64) " +
                "and what else docs/operations.md, Sizing memory, names"),
            needs.warnings(512 * MIB, 1_600 * MIB - 1));
    }

    @Test
    void shouldCountEachUpstreamAndEachNetwork()
    {
        final RelayConfig one = RelayConfig.of("ws://127.0.0.1:8546");
        final RelayConfig two = RelayConfig.builder()
            .network(NetworkConfig.builder().upstream("ws://127.0.0.1:8546").upstream("ws://127.0.0.1:8547"))
            .build();

        assertEquals(List.of(), MemoryNeeds.of(one, 1).warnings(1_444 * MIB, 1_600 * MIB));
        assertEquals(1, MemoryNeeds.of(two, 1).warnings(1_444 * MIB, 1_920 * MIB).size());
        assertEquals(1, MemoryNeeds.of(two, 1).warnings(1_736 * MIB, 1_919 * MIB).size());
        assertEquals(List.of(), MemoryNeeds.of(two, 1).warnings(1_736 * MIB, 1_920 * MIB));
    }

    /** What docs/operations.md gives as an example for a heap of 512 MiB. */
    @Test
    void shouldHaveNothingToSayOfTheExampleInTheManual()
    {
        final RelayConfig.Builder config = RelayConfig.builder().upstream("ws://127.0.0.1:8546");
        config.limits(config.limits().toBuilder()
            .set(LimitsConfig.UNSENT_BYTES, 67_108_864)
            .set(LimitsConfig.UNFINISHED_BYTES, 33_554_432)
            .set(LimitsConfig.UPSTREAM_MESSAGE_BYTES, 67_108_864)
            .set(LimitsConfig.BATCH_RESPONSE_BYTES, 4_194_304)
            .set(LimitsConfig.POLLED_BYTES_TOGETHER, 33_554_432)
            .set(LimitsConfig.REORG_HISTORY_BYTES, 33_554_432)
            .set(LimitsConfig.HELD_TEXT_BYTES, 16_777_216)
            .build());
        config.delivery(config.delivery().toBuilder().set(DeliveryConfig.HISTORY_BYTES, 33_554_432).build());

        assertEquals(List.of(), MemoryNeeds.of(config.build(), 4).warnings(512 * MIB, 512 * MIB));
    }
}

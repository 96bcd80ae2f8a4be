package io.ringcast.tools.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined to the test thread. */
final class Keccak256Test
{
    @ParameterizedTest
    @CsvSource({
        "'', 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "'Transfer(address,address,uint256)', " + BlockForge.TRANSFER,
        "'Approval(address,address,uint256)', " + BlockForge.APPROVAL,
        "'Sync(uint112,uint112)', " + BlockForge.SYNC})
    void shouldGiveKnownHashWhenTextIsKnown(final String text, final String hash)
    {
        assertEquals(hash, Keccak256.hex(text.getBytes(StandardCharsets.US_ASCII)));
    }
}

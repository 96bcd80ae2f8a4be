package io.ringcast.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined to the test thread. */
final class Keccak256Test
{
    @ParameterizedTest
    @CsvSource({
        "'', 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "'abc', 0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
        "'Transfer(address,address,uint256)', 0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        "'Approval(address,address,uint256)', 0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
        "'Sync(uint112,uint112)', 0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1"})
    void shouldGiveKnownHashWhenTextIsKnown(final String text, final String hash)
    {
        assertEquals(hash, Keccak256.hex(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The signed transaction of EIP-155's example, and the hash under which every node knows it. */
    @Test
    void shouldGiveTheHashOfATransaction()
    {
        assertEquals(
            "0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788",
            Keccak256.hex(HexFormat.of().parseHex("f86c098504a817c800825208943535353535353535353535353535353535353535" +
                "880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8" +
                "997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")));
    }
}

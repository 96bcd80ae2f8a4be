package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.frame.HexWords;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadKeysTest
{
    private static final String HASH = "0x0123456789abcdef" + "0".repeat(47) + "7";
    private static final String PARENT = "0x" + "fe".repeat(32);

    private final HeadKeys keys = new HeadKeys();

    @Test
    void shouldReadWhatIdentifiesAHead()
    {
        assertTrue(tryRead("{ \"hash\" : \"" + HASH + "\", \"x\":[{\"hash\":1}], \"parentHash\":\"" + PARENT +
            "\",\"logsBloom\":\"0x0010\",\"number\":\"0x14f2c3a\" }"));

        assertEquals(0x14f2c3a, keys.number);
        assertEquals(0x0123456789abcdefL, keys.hash[0]);
        assertEquals(7, keys.hash[3]);
        assertEquals(HASH, HexWords.toText(keys.hash, 0));
        assertEquals(PARENT, HexWords.toText(keys.parentHash, 0));
        assertTrue(keys.hasBloom);
        assertFalse(keys.isBloomZero);
        assertEquals(5, keys.memberCount);
    }

    @Test
    void shouldSeeAnEmptyBloom()
    {
        assertTrue(tryRead(head("\"0x1\"", "\"" + HASH + "\",\"logsBloom\":\"0x" + "00".repeat(256) + "\"")));

        assertTrue(keys.isBloomZero);
    }

    @Test
    void shouldForgetTheBloomOfTheHeadBefore()
    {
        tryRead(head("\"0x1\"", "\"" + HASH + "\",\"logsBloom\":\"0x00\""));

        assertTrue(tryRead(head("\"0x1\"", "\"" + HASH + "\"")));

        assertFalse(keys.hasBloom);
        assertFalse(keys.isBloomZero);
    }

    @Test
    void shouldRefuseWhatIsNoHead()
    {
        assertFalse(tryRead("[]"));
        assertFalse(tryRead("\"x\""));
        assertFalse(tryRead("{}"));
        assertFalse(tryRead("1"));
        assertFalse(tryRead(head("1", "\"" + HASH + "\"")));
        assertFalse(tryRead(head("\"0x\"", "\"" + HASH + "\"")));
        assertFalse(tryRead(head("\"0xg\"", "\"" + HASH + "\"")));
        assertFalse(tryRead(head("\"0xffffffffffffffff\"", "\"" + HASH + "\"")));
        assertFalse(tryRead(head("\"0x7fffffffffffffff\"", "\"" + HASH + "\"")));
        assertFalse(tryRead(head("\"0x4000000000000000\"", "\"" + HASH + "\"")));
        assertFalse(tryRead(head("\"0x1\"", "\"0x12\"")));
        assertFalse(tryRead(head("\"0x1\"", "null")));
    }

    private boolean tryRead(final String text)
    {
        final byte[] bytes = (' ' + text + ' ').getBytes(StandardCharsets.US_ASCII);
        return keys.tryRead(bytes, 1, bytes.length - 2);
    }

    private static String head(final String number, final String hash)
    {
        return "{\"number\":" + number + ",\"parentHash\":\"" + PARENT + "\",\"hash\":" + hash + "}";
    }
}

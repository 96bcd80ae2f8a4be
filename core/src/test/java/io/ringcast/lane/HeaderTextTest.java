package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderTextTest
{
    private static final String HASH = "\"0x" + "a1".repeat(32) + "\"";
    private static final String PARENT = "\"0x" + "b2".repeat(32) + "\"";

    private final HeaderText header = new HeaderText();

    @Test
    void shouldGiveTheMembersOfAHeadInGethsOrder()
    {
        assertEquals(
            "{\"parentHash\":" + PARENT + ",\"difficulty\":\"0x0\",\"number\":\"0x10\",\"hash\":" + HASH + "}",
            of("{\"number\":\"0x10\",\"hash\":" + HASH + ", \"transactions\":[{\"hash\":\"0x1\"}],\"size\":\"0x2\"," +
                "\"uncles\":[], \"difficulty\" : \"0x0\",\"parentHash\":" + PARENT + ",\"totalDifficulty\":\"0x0\"," +
                "\"withdrawals\":[],\"l1BlockNumber\":\"0x7\"}"));
    }

    @Test
    void shouldAddWhatPushedHeadsOfTheNetworkHave()
    {
        final byte[] pushed = ("{\"number\":\"0x9\",\"l1BlockNumber\":\"0x6\",\"size\":\"0x1\",\"sendCount\":1}")
            .getBytes(StandardCharsets.US_ASCII);
        header.learn(4, pushed, 0, pushed.length);

        assertEquals(
            "{\"parentHash\":" + PARENT + ",\"number\":\"0x10\",\"hash\":" + HASH + ",\"l1BlockNumber\":\"0x7\"}",
            of("{\"size\":\"0x2\",\"l1BlockNumber\":\"0x7\",\"number\":\"0x10\",\"hash\":" + HASH + ",\"parentHash\":" +
                PARENT + ",\"other\":1}"));
    }

    @Test
    void shouldKnowWhatIsNoBlock()
    {
        assertNull(of("null"));
        assertNull(of("{\"number\":\"0x1\"}"));
        assertNull(of("[]"));
    }

    private String of(final String block)
    {
        final byte[] bytes = ("  " + block).getBytes(StandardCharsets.US_ASCII);
        final byte[] text = header.of(bytes, 2, bytes.length - 2);
        return text == null ? null : new String(text, StandardCharsets.US_ASCII);
    }
}
